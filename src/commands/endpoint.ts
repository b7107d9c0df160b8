import type { Endpoint, ServiceRecord } from '../discovery/registry.ts';
import { type Document, text } from '../document/document.ts';
import type { CallOptions, Client, Filter, Request } from '../runtime/client/client.ts';
import { MicroError } from '../runtime/errors.ts';
import { answerDocument } from './answer.ts';
import { requestText } from './call.ts';
import { callerMetadata } from './caller.ts';
import { type Command, CommandError, type Invocation } from './command.ts';
import { readDeclared, shorten } from './declared.ts';
import { type Declaration, type Parameter, detailsOf, parametersOf, usageOf } from './parameter.ts';
import { fillRequest } from './parameters.ts';

const defaultTimeoutMs = 30_000;

/** Reads the metadata key `parameters`. Throws an `Error` that says what is wrong with it. */
export type ReadParameters = (json: string) => ReadonlyMap<string, Declaration>;

/** A command as one version of a service declares it. */
export interface EndpointCommand {
  /** Goes to any node that has the endpoint. */
  readonly command: Command;
  /** Goes to nodes of this version alone. */
  readonly pinned: Command;
}

/** Whether an endpoint declares a command. Subscribers are nobody's to call. */
export const isCommand = ({ metadata }: Endpoint): boolean =>
  metadata['command'] !== undefined && metadata['subscriber'] !== 'true';

/** Whether `ReadParameters` is needed for it. */
export const hasParameters = (endpoint: Endpoint): boolean =>
  isCommand(endpoint) && (endpoint.metadata['parameters'] ?? '') !== '';

/**
 * The command an endpoint's metadata declares. Throws an `Error` that says what is wrong with the metadata. A command that
 * sets conditions on who may run it is shown but does not run: nothing checks them yet.
 */
export function endpointCommand(
  service: ServiceRecord,
  endpoint: Endpoint,
  client: Client,
  readParameters: ReadParameters,
): EndpointCommand {
  const declared = readDeclared(endpoint.metadata);
  const { name, description, examples, aliases, slash, hidden, timeoutMs, conditions } = declared;
  const parameters = readShape(endpoint, declared.parameters, readParameters);
  const usage = declared.usage ?? shorten(usageOf(name, parameters));
  const isStream = endpoint.metadata['stream'] === 'true';
  const request = (invocation: Invocation): Request => {
    if (conditions.length > 0) {
      const asked = conditions.join(', ');
      throw new CommandError(
        'failed',
        `${name} was not run: it needs checks that this version does not have (${asked})`,
      );
    }
    const { args } = invocation;
    const whole = args.after(0);
    return {
      service: service.name,
      endpoint: endpoint.name,
      // A request can also be given whole, as JSON.
      body: /^\{\s*["}]/.test(whole) ? requestText(whole) : fillRequest(parameters, args.words, usage),
      raw: true,
      contentType: 'application/json',
    };
  };
  const served = servedBy(endpoint.name, name);
  const command = (filters: readonly Filter[]): Command => {
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
      details: detailsOf(parameters),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      complete: async (before) => candidates(parameters, before),
      run: isStream
        ? (invocation) =>
            follow(client, () => request(invocation), {
              ...options(invocation),
              ...(timeoutMs === undefined ? {} : { timeoutMs }),
            })
        : (invocation) =>
            ask(client, () => request(invocation), {
              ...options(invocation),
              timeoutMs: timeoutMs ?? defaultTimeoutMs,
            }),
    };
  };
  return { command: command([served]), pinned: command([ofVersion(service.version), served]) };
}

function readShape(
  { request }: Endpoint,
  json: string | undefined,
  readParameters: ReadParameters,
): readonly Parameter[] {
  if (json === undefined) return parametersOf(request, undefined);
  const declared = readParameters(json);
  const fields = new Set(request?.values.map(({ name }) => name));
  const unknown = [...declared.keys()].find((name) => fields.size > 0 && !fields.has(name));
  if (unknown !== undefined) throw new Error(`parameters: the request has no field ${unknown}`);
  return parametersOf(request, declared);
}

/** Nodes of a version that does not have the endpoint cannot serve the command, nor can those where it has become another one. */
const servedBy =
  (endpoint: string, command: string): Filter =>
  (records) =>
    records.filter(({ endpoints }) =>
      endpoints.some(({ name, metadata }) => name === endpoint && (metadata['command'] ?? command) === command),
    );

const ofVersion =
  (wanted: string): Filter =>
  (records) =>
    records.filter(({ version }) => version === wanted);

async function ask(client: Client, request: () => Request, options: CallOptions): Promise<Document> {
  const made = request();
  try {
    return answerDocument(await client.call<Buffer>(made, options));
  } catch (error) {
    throw failure(made, error);
  }
}

async function* follow(client: Client, request: () => Request, options: CallOptions): AsyncIterable<Document> {
  const made = request();
  let isSilent = true;
  try {
    await using stream = await client.stream<Buffer>(made, options);
    for await (const message of stream) {
      isSilent = false;
      yield answerDocument(message);
    }
  } catch (error) {
    throw failure(made, error);
  }
  if (isSilent) yield text('done');
}

/** The service's own words: they are meant for who typed the command. */
function failure({ service, endpoint }: Request, error: unknown): CommandError {
  const failed = MicroError.from(error, 'micro.bot');
  const words = failed.detail === '' ? `error calling ${service}.${endpoint}: ${failed.toText()}` : failed.detail;
  return new CommandError('failed', words, { cause: error });
}

/** What the next word may be: a value of the parameter whose turn it is, or any parameter by name. */
const candidates = (parameters: readonly Parameter[], before: readonly string[]): readonly string[] => {
  const filled = before.filter((word) => !word.startsWith('--') && !/^[A-Za-z_][\w.-]*=/.test(word)).length;
  const next = parameters.filter(({ isPositional }) => isPositional)[filled];
  const named = parameters.map(({ name }) => `--${name}`).filter((name) => !before.includes(name));
  return [...(next?.choices ?? []), ...named];
};
