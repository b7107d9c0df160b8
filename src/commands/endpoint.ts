import type { Endpoint, ServiceRecord } from '../discovery/registry.ts';
import type { CallOptions, Client, Filter, Request } from '../runtime/client/client.ts';
import { callerMetadata } from './caller.ts';
import type { Arguments, Command, Invocation } from './command.ts';
import { readDeclared, shorten } from './declared.ts';
import { ask, follow } from './exec.ts';
import { doubtful } from './doubtful.ts';
import { parameterFacts } from './endpoint-parameters.ts';
import { detailsOf, type Parameter, usageOf } from './parameter.ts';
import { type Filled, fillRequest } from './parameters.ts';
import { type ReadParameters, readShape } from './read-shape.ts';
import type { Rules } from './rules.ts';
import { conditionsOf, destination, type Records } from './served.ts';
import { isWhole, readWhole } from './whole.ts';

const defaultTimeoutMs = 30_000;

export interface EndpointDeps {
  readonly client: Client;
  readonly readParameters: ReadParameters;
  /** Where a call could go at the moment. */
  readonly records: Records;
}

/** A command as one version of a service declares it. */
export interface EndpointCommand {
  readonly name: string;
  readonly endpoint: string;
  readonly rules: Rules;
  /** As `conditionsOf`. */
  readonly conditions: string;
  /** The command under these rules; `filters` say which nodes it goes to. */
  command(rules: Rules, filters: readonly Filter[]): Command;
}

/** Whether an endpoint declares a command. Subscribers are nobody's to call. */
export const isCommand = ({ metadata }: Endpoint): boolean =>
  metadata['command'] !== undefined && metadata['subscriber'] !== 'true';

/** Whether `ReadParameters` is needed for it. */
export const hasParameters = (endpoint: Endpoint): boolean =>
  isCommand(endpoint) && (endpoint.metadata['parameters'] ?? '') !== '';

/** The command an endpoint's metadata declares. Throws an `Error` that says what is wrong with the metadata. */
export function endpointCommand(
  service: ServiceRecord,
  endpoint: Endpoint,
  { client, readParameters, records }: EndpointDeps,
): EndpointCommand {
  const declared = readDeclared(endpoint.metadata);
  const { name, description, examples, aliases, slash, hidden, timeoutMs, rules } = declared;
  const parameters = readShape(endpoint, declared.parameters, readParameters, rules.lock);
  const usage = declared.usage ?? shorten(usageOf(name, parameters));
  const isStream = endpoint.metadata['stream'] === 'true';
  const read = (args: Arguments): Filled => {
    const whole = args.after(0);
    try {
      if (isWhole(whole)) return readWhole(parameters, whole, { name, usage });
      return fillRequest(parameters, { name, usage, words: args.words });
    } catch (error) {
      throw doubtful(error, parameters, isWhole(whole) ? [whole] : args.words);
    }
  };
  // What is planned is run.
  const known = new WeakMap<Arguments, Filled>();
  const fill = (args: Arguments): Filled => {
    const before = known.get(args);
    if (before !== undefined) return before;
    const filled = read(args);
    known.set(args, filled);
    return filled;
  };
  const request = (invocation: Invocation): Request => ({
    service: service.name,
    endpoint: endpoint.name,
    body: fill(invocation.args).body,
    raw: true,
    contentType: 'application/json',
  });
  const details = detailsOf(parameters);
  const facts = parameterFacts(parameters);
  const command = ({ effect, guard, lock, secretFields }: Rules, filters: readonly Filter[]): Command => {
    const options = (invocation: Invocation): CallOptions => ({
      metadata: callerMetadata(invocation),
      signal: invocation.signal,
      retries: 0,
      filters,
    });
    return {
      name,
      usage,
      description,
      source: { kind: 'service', service: service.name, version: service.version, endpoint: endpoint.name },
      examples,
      aliases,
      slash,
      hidden,
      details,
      ...(facts === undefined ? {} : { parameters: facts }),
      effect,
      guard,
      ...(lock === undefined ? {} : { lock }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      complete: async (before) => candidates(parameters, before),
      plan: ({ args }) => {
        const { values, secrets } = fill(args);
        return {
          parameters: values,
          secrets,
          secretFields,
          ...destination(service.name, endpoint.name, records, filters),
        };
      },
      run: isStream
        ? (invocation) =>
            follow(
              client,
              () => request(invocation),
              { ...options(invocation), ...(timeoutMs === undefined ? {} : { timeoutMs }) },
              secretFields,
            )
        : (invocation) =>
            ask(
              client,
              () => request(invocation),
              { ...options(invocation), timeoutMs: timeoutMs ?? defaultTimeoutMs },
              secretFields,
            ),
    };
  };
  return { name, endpoint: endpoint.name, rules, conditions: conditionsOf(endpoint.metadata), command };
}

/** What the next word may be: a value of the parameter whose turn it is, or any parameter by name. */
const candidates = (parameters: readonly Parameter[], before: readonly string[]): readonly string[] => {
  const filled = before.filter((word) => !word.startsWith('--') && !/^[A-Za-z_][\w.-]*=/.test(word)).length;
  const next = parameters.filter(({ isPositional }) => isPositional)[filled];
  const named = parameters.map(({ name }) => `--${name}`).filter((name) => !before.includes(name));
  return [...(next?.choices ?? []), ...named];
};
