import { type ControlConfig, readControl } from './control.ts';
import { driverName } from './driver.ts';
import { ConfigError } from './error.ts';
import type { Given } from './flag.ts';
import { botFlags, globalFlags } from './flags.ts';
import { type RegistryConfig, readRegistry } from './registry.ts';
import { readSlack, type SlackConfig, slackSecrets } from './slack.ts';
import { type HipchatConfig, hipchatSecrets, readHipchat } from './hipchat.ts';
import { readTransport, type TransportConfig } from './transport.ts';
import { readXmpp, type XmppConfig, xmppSecrets } from './xmpp.ts';
import { type Environment, readValues, splitList, type Values } from './values.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'json' | 'pretty' | 'auto';

/** Everything that can be set from outside. Times are milliseconds; what nobody set and has no default is undefined. */
export interface Config {
  readonly client: {
    readonly driver: string;
    readonly timeoutMs: number;
    readonly retries: number;
    readonly poolSize: number;
    readonly poolTtlMs: number;
  };
  /** How requests and events are written: a codec's name. */
  readonly codec: string;
  readonly server: {
    readonly driver: string;
    readonly name: string | undefined;
    readonly version: string | undefined;
    readonly id: string | undefined;
    readonly address: string;
    readonly advertise: string | undefined;
    readonly metadata: Readonly<Record<string, string>>;
    readonly registerTtlMs: number;
    readonly registerIntervalMs: number;
  };
  readonly registry: RegistryConfig;
  readonly selector: string;
  readonly transport: TransportConfig;
  readonly broker: {
    readonly driver: string;
    readonly addresses: readonly string[];
  };
  readonly log: {
    /** Undefined: the face decides. */
    readonly level: LogLevel | undefined;
    readonly format: LogFormat;
    /** Values that no log line may show: those of all variables named like a secret. */
    readonly secrets: readonly string[];
  };
  readonly bot: {
    readonly inputs: readonly string[];
    readonly namespace: string;
    /** A file's path; undefined: what is typed is forgotten. */
    readonly consoleHistory: string | undefined;
    readonly control: ControlConfig;
    readonly slack: SlackConfig;
    readonly xmpp: XmppConfig;
    readonly hipchat: HipchatConfig;
  };
}

/** default < environment < command line. Throws a `ConfigError` (`invalid`) for a value that cannot be used. */
export function readConfig(given: Given, env: Environment): Config {
  const values = readValues([...globalFlags, ...botFlags], given, env);
  const registry = readRegistry(values, env);
  const slack = readSlack(values);
  const xmpp = readXmpp(values);
  const hipchat = readHipchat(values);
  return freeze({
    client: {
      driver: driverName(values, 'client'),
      timeoutMs: values.duration('client_request_timeout'),
      retries: values.integer('client_retries', 0),
      // 0 means go-micro's own choice, as in go-micro.
      poolSize: values.integer('client_pool_size', 0) || 100,
      poolTtlMs: values.duration('client_pool_ttl'),
    },
    codec: driverName(values, 'codec'),
    server: readServer(values),
    registry,
    selector: driverName(values, 'selector'),
    transport: readTransport(values),
    broker: {
      driver: driverName(values, 'broker'),
      addresses: splitList(values.string('broker_address') ?? ''),
    },
    log: {
      level: oneOf(values, 'log_level', ['trace', 'debug', 'info', 'warn', 'error']),
      format: oneOf(values, 'log_format', ['json', 'pretty', 'auto']) ?? 'auto',
      secrets: [
        ...new Set([
          ...secretsOf(env),
          registry.password,
          registry.token,
          ...slackSecrets(slack),
          ...xmppSecrets(xmpp),
          ...hipchatSecrets(hipchat),
        ]),
      ].filter((secret) => secret !== undefined),
    },
    bot: {
      inputs: splitList(values.string('inputs') ?? ''),
      namespace: values.string('namespace') ?? '',
      consoleHistory: values.string('console_history'),
      control: readControl(values, env),
      slack,
      xmpp,
      hipchat,
    },
  });
}

function readServer(values: Values): Config['server'] {
  // A time to live of 0 means until the server leaves, as in go-micro.
  const registerTtlMs = values.integer('register_ttl', 0) * 1000;
  const registerIntervalMs = values.integer('register_interval', 1) * 1000;
  if (registerTtlMs > 0 && registerTtlMs <= registerIntervalMs) {
    throw new ConfigError(
      'invalid',
      'register_ttl must be more than register_interval, or the registration ends between two repeats',
    );
  }
  return {
    driver: driverName(values, 'server'),
    name: values.string('server_name'),
    version: values.string('server_version'),
    id: values.string('server_id'),
    address: values.string('server_address') ?? '',
    advertise: values.string('server_advertise'),
    metadata: readPairs('server_metadata', values.list('server_metadata')),
    registerTtlMs,
    registerIntervalMs,
  };
}

function readPairs(name: string, entries: readonly string[]): Readonly<Record<string, string>> {
  const pairs = entries.map((entry): readonly [string, string] => {
    const at = entry.indexOf('=');
    if (at < 1) throw new ConfigError('invalid', `failed to parse ${name}: ${entry} is not written key=value`);
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

function oneOf<T extends string>(values: Values, name: string, choices: readonly T[]): T | undefined {
  const text = values.string(name);
  if (text === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === text.toLowerCase());
  if (choice === undefined) {
    throw new ConfigError('invalid', `failed to parse ${name}: ${text} is none of ${choices.join(', ')}`);
  }
  return choice;
}

/** Variables whose names say that their values are nobody's business. */
const secretName = /(?:TOKEN|PASSWORD|PASSWD|SECRET|CREDENTIALS?|(?:API|PRIVATE|ACCESS)_?KEY)$/i;

const secretsOf = (env: Environment): readonly string[] =>
  Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value !== '' && secretName.test(name) ? [value] : [],
  );

function freeze(config: Config): Config {
  for (const part of Object.values(config)) Object.freeze(part);
  return Object.freeze(config);
}
