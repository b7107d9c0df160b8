import type { Metadata } from '../discovery/registry.ts';
import { type Document, text } from '../document/document.ts';
import type { Client, Filter } from '../runtime/client/client.ts';
import { callerMetadata } from './caller.ts';
import { type Command, CommandError, type Invocation } from './command.ts';
import { callFailure } from './failure.ts';
import type { Rules } from './rules.ts';
import { destination, type Records } from './served.ts';

/** What `Command.Help` answers. */
export interface Help {
  readonly usage: string;
  readonly description: string;
}

const execTimeoutMs = 30_000;

/** The command word of a service in the namespace: `foo` for `go.micro.bot.foo`. One segment only, with the dot before it. */
export function wordOf(service: string, namespace: string): string | undefined {
  const word = service.startsWith(`${namespace}.`) ? service.slice(namespace.length + 1) : '';
  return /^[A-Za-z0-9_-]+$/.test(word) ? word : undefined;
}

export interface NamespaceCommand {
  readonly service: string;
  readonly version: string;
  readonly word: string;
  readonly help: Help;
  readonly rules: Rules;
}

/** The endpoint that runs it. */
export const execEndpoint = 'Command.Exec';

/** What its words are called, for those who make rules for them. */
export const wordsName = 'args';

export interface NamespaceDeps {
  readonly client: Client;
  /** Where a call could go at the moment. */
  readonly records: Records;
}

/**
 * A service that is a command by its name. It is called once: nobody knows whether a command may be repeated. `filters` says which
 * nodes it goes to.
 */
export const namespaceCommand = (
  { service, version, word, help, rules }: NamespaceCommand,
  { client, records }: NamespaceDeps,
  filters: readonly Filter[],
): Command => ({
  name: word.toLowerCase(),
  usage: help.usage === '' ? word : help.usage,
  description: help.description,
  source: { kind: 'service', service, version, endpoint: execEndpoint },
  timeoutMs: execTimeoutMs,
  effect: rules.effect,
  guard: rules.guard,
  ...(rules.lock === undefined ? {} : { lock: rules.lock }),
  plan: ({ args: { words } }) => ({
    parameters: new Map(words.length === 0 ? [] : [[wordsName, words]]),
    secrets: [],
    ...destination(service, execEndpoint, records, filters),
  }),
  run: async (invocation: Invocation): Promise<Document> => {
    const args = [word, ...invocation.args.words];
    const metadata: Metadata = callerMetadata(invocation);
    const answer = await client
      .call(
        { service, endpoint: execEndpoint, body: { args } },
        { retries: 0, timeoutMs: execTimeoutMs, signal: invocation.signal, metadata, filters },
      )
      .catch((error: unknown) => Promise.reject(callFailure('', error)));
    return read(answer, service);
  },
});

/** `{"result": base64, "error": text}`, with what is empty left out. */
function read(answer: unknown, service: string): Document {
  const { result = '', error = '' } = (typeof answer === 'object' && answer !== null ? answer : {}) as {
    readonly result?: unknown;
    readonly error?: unknown;
  };
  if (typeof error === 'string' && error !== '') throw new CommandError('failed', error);
  if (result !== null && typeof result !== 'string')
    throw new CommandError('failed', `${service} answered with no text`);
  return text(Buffer.from(result ?? '', 'base64').toString('utf8'));
}
