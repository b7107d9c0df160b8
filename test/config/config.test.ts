import { describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../src/config/config.ts';
import { botFlags, globalFlags } from '../../src/config/flags.ts';
import type { Environment } from '../../src/config/values.ts';

const config = (given: Readonly<Record<string, readonly string[]>> = {}, env: Environment = {}): Config =>
  readConfig(new Map(Object.entries(given)), env);

describe('readConfig', () => {
  it('has a default for everything that needs one', () => {
    expect(config()).toEqual({
      client: { driver: 'mucp', timeoutMs: 5000, retries: 1, poolSize: 100, poolTtlMs: 60_000 },
      codec: 'json',
      server: {
        driver: 'mucp',
        name: undefined,
        version: undefined,
        id: undefined,
        address: ':0',
        advertise: undefined,
        metadata: {},
        registerTtlMs: 60_000,
        registerIntervalMs: 30_000,
      },
      registry: { driver: 'mdns', addresses: [], mdnsDomain: 'micro' },
      selector: 'default',
      transport: { driver: 'http', addresses: [], tls: undefined },
      broker: { driver: 'http', addresses: [] },
      log: { level: undefined, format: 'auto', secrets: [] },
      bot: {
        inputs: [],
        control: {
          stateDirectory: undefined,
          accessFile: undefined,
          defaults: { read: 'allow', change: 'deny' },
          auditFile: undefined,
          auditKeep: undefined,
          timeZone: undefined,
        },
        namespace: 'go.micro.bot',
        consoleHistory: undefined,
        slack: {
          tokens: [],
          appTokens: [],
          signingSecrets: [],
          address: ':3000',
          sockets: 2,
          apiUrl: 'https://slack.com/api/',
          debug: false,
        },
        xmpp: { accounts: [], security: 'starttls', rooms: [], debug: false },
        hipchat: { server: 'chat.hipchat.com', rooms: [], insecure: false, debug: false },
      },
    });
  });

  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['UTC', 'UTC'],
  ])('takes the time zone %s', (given, zone) => {
    expect(config({ time_zone: [given] }).bot.control.timeZone).toBe(zone);
    expect(config({}, { MICRO_BOT_TIME_ZONE: given }).bot.control.timeZone).toBe(zone);
  });

  it.each(['Europe/Berln', 'local', '12:00'])('refuses the time zone %s', (given) => {
    const sentence = `failed to parse time_zone: ${given} is no time zone; write it as Europe/Berlin or UTC`;
    expect(() => config({ time_zone: [given] })).toThrow(sentence);
  });

  it('reads how many full files of the audit are kept, or as much in LevelDB', () => {
    expect(config({ audit_keep: ['3'] }).bot.control.auditKeep).toBe(3);
    expect(config({}, { MICRO_BOT_AUDIT_KEEP: '12' }).bot.control.auditKeep).toBe(12);
    expect(() => config({ audit_keep: ['0'] })).toThrow('failed to parse audit_keep: 0 is less than 1');
    expect(config({ audit: ['level:/x'], audit_keep: ['3'] }).bot.control).toMatchObject({
      auditFile: 'level:/x',
      auditKeep: 3,
    });
  });

  it('puts the command line before the environment before the default', () => {
    const env = { MICRO_CLIENT_RETRIES: '2', MICRO_REGISTRY: 'memory', MICRO_TRANSPORT: '' };
    const { client, registry, transport } = config({ client_retries: ['3'] }, env);
    expect(client.retries).toBe(3);
    expect(registry.driver).toBe('memory');
    expect(transport.driver).toBe('http');
  });

  it('reads lists from repeated flags, and from commas in the environment', () => {
    expect(config({ server_metadata: ['a=b=c', 'd=e,f'] }).server.metadata).toEqual({ a: 'b=c', d: 'e,f' });
    expect(config({}, { MICRO_SERVER_METADATA: 'a=b=c, d=e,' }).server.metadata).toEqual({ a: 'b=c', d: 'e' });
  });

  it('skips empty items of inputs', () => {
    expect(config({ inputs: [',console,, slack ,'] }).bot.inputs).toEqual(['console', 'slack']);
  });

  it('takes a pool size of 0 for the usual one, as go-micro does', () => {
    expect(config({ client_pool_size: ['0'] }).client.poolSize).toBe(100);
  });

  it('takes levels in any case', () => {
    expect(config({}, { MICRO_LOG_LEVEL: 'WARN' }).log.level).toBe('warn');
  });

  it('keeps the values of variables that are named like secrets out of the log', () => {
    const env = {
      MICRO_SLACK_TOKEN: 'one',
      DB_PASSWORD: 'two',
      AWS_SECRET_ACCESS_KEY: 'three',
      EMPTY_TOKEN: '',
      TOKENS: 'x',
      HOME: '/',
    };
    expect(config({}, env).log.secrets).toEqual(['one', 'two', 'three']);
  });

  it('names the files of an encrypted transport, and what to do without them', () => {
    const env = { MICRO_TRANSPORT_CA: 'ca.pem', MICRO_TRANSPORT_SECURE: 'true' };
    const given = { transport_cert: ['cert.pem'], transport_key: ['key.pem'] };
    const files = { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem', selfSigned: false, insecure: false };
    expect(config(given, env).transport.tls).toEqual({ ...files, requestClientCert: false });
    const mutual = { transport_request_client_cert: ['true'] };
    expect(config({ ...given, ...mutual }, env).transport.tls).toEqual({ ...files, requestClientCert: true });
    expect(() => config({ ...given, ...mutual }, { MICRO_TRANSPORT_SECURE: 'true' })).toThrow(
      'transport_request_client_cert needs transport_ca',
    );
    expect(() => config(mutual)).toThrow('transport_request_client_cert means nothing without transport_secure');
    expect(() => config({ ...given, transport_key: [] }, env)).toThrow('belong together: one of them is missing');
    expect(() => config({ ...given, transport_self_signed: ['true'] }, env)).toThrow('exclude each other');
    expect(() => config(given)).toThrow('transport_cert means nothing without transport_secure');
    expect(() => config({ transport_insecure: ['true'] })).toThrow('transport_insecure means nothing without');
  });

  it('reads the addresses of several servers', () => {
    const { broker, transport } = config({ broker_address: ['a:1, b:2'] }, { MICRO_TRANSPORT_ADDRESS: 'c:3' });
    expect([broker.addresses, transport.addresses]).toEqual([['a:1', 'b:2'], ['c:3']]);
  });

  it('is frozen', () => {
    const frozen = config();
    expect([frozen, ...Object.values(frozen)].filter((part) => typeof part === 'object').every(Object.isFrozen)).toBe(
      true,
    );
  });

  it.each([
    [
      'client_request_timeout',
      'soon',
      'failed to parse client_request_timeout: soon (a duration is written like 500ms, 5s or 1m)',
    ],
    ['client_request_timeout', '0s', 'failed to parse client_request_timeout: 0s (it must be more than 0)'],
    ['client_pool_ttl', '600h', 'failed to parse client_pool_ttl: 600h (it must be at most 24 days)'],
    ['client_retries', 'many', 'failed to parse client_retries: many is not a whole number'],
    ['client_retries', '1.5', 'failed to parse client_retries: 1.5 is not a whole number'],
    ['client_retries', '-1', 'failed to parse client_retries: -1 is less than 0'],
    [
      'client_retries',
      '99999999999999999999',
      'failed to parse client_retries: 99999999999999999999 is not a whole number',
    ],
    ['register_interval', '0', 'failed to parse register_interval: 0 is less than 1'],
    [
      'register_ttl',
      '30',
      'register_ttl must be more than register_interval, or the registration ends between two repeats',
    ],
    ['server_metadata', 'novalue', 'failed to parse server_metadata: novalue is not written key=value'],
    ['server_metadata', '=x', 'failed to parse server_metadata: =x is not written key=value'],
    ['log_level', 'loud', 'failed to parse log_level: loud is none of trace, debug, info, warn, error'],
    ['log_format', 'xml', 'failed to parse log_format: xml is none of json, pretty, auto'],
  ])('refuses %s %s', (name, value, message) => {
    expect(() => config({ [name]: [value] })).toThrow(message);
  });

  it('names the variable a bad value came from', () => {
    expect(() => config({}, { MICRO_REGISTER_TTL: 'x' })).toThrow(
      'failed to parse register_ttl ($MICRO_REGISTER_TTL): x is not a whole number',
    );
  });
});

describe('the flags', () => {
  it('have names and variables that are used once, and defaults that can be read', () => {
    const flags = [...globalFlags, ...botFlags];
    expect(new Set(flags.map(({ name }) => name)).size).toBe(flags.length);
    expect(new Set(flags.map(({ env }) => env)).size).toBe(flags.length);
    for (const { name, default: preset } of flags) {
      if (preset !== undefined) expect(() => config({ [name]: [preset] })).not.toThrow();
    }
  });
});

describe('a registry', () => {
  it('has several addresses, who we are, and files for TLS', () => {
    const { registry, log } = config(
      { registry: ['etcd'], registry_address: ['a:1, b:2'], registry_username: ['bot'], registry_ca: ['ca.pem'] },
      { MICRO_REGISTRY_PASSWORD: 'hush' },
    );
    expect(registry).toMatchObject({ driver: 'etcd', addresses: ['a:1', 'b:2'], username: 'bot', password: 'hush' });
    expect(registry.tls).toMatchObject({ ca: 'ca.pem', insecure: false });
    expect(log.secrets).toContain('hush');
  });

  it('hears what its own tools hear, and no other does', () => {
    const env = { ETCD_USERNAME: 'root', ETCD_PASSWORD: 'hush', CONSUL_HTTP_ADDR: 'c:8500', CONSUL_HTTP_TOKEN: 'key' };
    expect(config({ registry: ['etcd'] }, env).registry).toMatchObject({ username: 'root', password: 'hush' });
    expect(config({ registry: ['consul'] }, env).registry).toMatchObject({ addresses: ['c:8500'], token: 'key' });
    const { addresses, username, token } = config({ registry: ['nats'] }, env).registry;
    expect([addresses, username, token]).toEqual([[], undefined, undefined]);
  });

  it('needs a certificate and its key, or neither', () => {
    expect(() => config({ registry_cert: ['a.pem'] })).toThrow('registry_cert and registry_key belong together');
    expect(config({}).registry.tls).toBeUndefined();
    expect(config({ registry_secure: ['true'] }).registry.tls).toMatchObject({ insecure: false });
  });
});
