import { byAndBy } from '../async/turns.ts';
import type { Metadata } from '../discovery/registry.ts';
import { type Document, text } from '../document/document.ts';
import { checkJson, indentJsonInSteps } from '../document/json.ts';
import { JsonError } from '../document/json-error.ts';
import type { Steps } from '../document/steps.ts';
import type { CallOptions, Client } from '../runtime/client/client.ts';
import { MicroError } from '../runtime/errors.ts';
import type { AsPlanned } from './as-planned.ts';
import { callerMetadata } from './caller.ts';
import {
  type Arguments,
  type Command,
  CommandError,
  type Invocation,
  type Option,
  type OptionValues,
} from './command.ts';
import { completeEndpoint } from './complete.ts';
import { callFailure, complain } from './failure.ts';
import { answersBy } from './streaming.ts';
import type { Whereabouts } from './whereabouts.ts';

export const options: readonly Option[] = [
  { name: 'address', kind: 'string', env: 'MICRO_ADDRESS', usage: 'Call this instance, without discovery' },
  { name: 'output', alias: 'o', kind: 'string', env: 'MICRO_OUTPUT', usage: 'Output format: json or raw' },
  { name: 'metadata', kind: 'list', env: 'MICRO_METADATA', usage: 'Metadata for the service: key=value' },
];

export interface CallDeps {
  readonly where: Whereabouts;
  readonly client: Client;
  readonly plan: NonNullable<Command['plan']>;
  readonly planned: Pick<AsPlanned, 'of'>;
}

export const call = ({ where, client, plan, planned }: CallDeps): Command => ({
  name: 'call',
  aliases: ['query'],
  usage: 'call [service] [endpoint] [request]',
  description: 'Returns the response for a service call',
  examples: ['call greeter Say.Hello {"name": "John"}'],
  source: { kind: 'builtin' },
  options,
  effect: 'change',
  complete: completeEndpoint(where),
  plan,
  run: async (invocation: Invocation): Promise<Document> => {
    const { args, caller } = invocation;
    const [service, endpoint] = [args.word(0) ?? '', args.word(1) ?? ''];
    if (service === '' && caller.input !== 'cli') return complain(invocation, 'call what?');
    if (service === '' || endpoint === '') {
      // The spelling is micro's own, kept because scripts look for it.
      throw new CommandError(
        'usage',
        `require service and endpoint e.g micro call greeeter Say.Hello '{"name": "john"}'`,
      );
    }
    const show = output(invocation);
    const body = requestText(typedRequest(args, 2));
    const pinned = planned.of(args);
    const options = { ...callOptions(invocation), ...(pinned === undefined ? {} : { filters: [pinned.filter] }) };
    const answer = await client
      .call<Buffer>({ service, endpoint, body, raw: true, contentType: 'application/json' }, options)
      .catch(async (error: unknown) => {
        pinned?.check(service);
        const failed = callFailure(`error calling ${service}.${endpoint}: `, error);
        // Who calls a stream waits in vain for its one answer.
        const isLate = error instanceof MicroError && error.code === 408;
        if (!isLate || (await answersBy(where, service, endpoint)) !== 'stream') throw failed;
        throw new CommandError(
          failed.code,
          `${failed.message}\n${endpoint} streams. Use stream ${service} ${endpoint}`,
        );
      });
    return await byAndBy(show(answer), invocation.signal);
  },
});

/** How `--output` wants an answer to be shown. Throws a `CommandError` for what it cannot be. */
export function output({ options }: Pick<Invocation, 'options'>): (answer: Buffer) => Steps<Document> {
  const wanted = textOption(options, 'output') ?? 'json';
  if (wanted !== 'json' && wanted !== 'raw') throw new CommandError('usage', `output is json or raw, not ${wanted}`);
  return (answer) => (wanted === 'raw' ? rawAnswer(answer) : jsonAnswer(answer.toString('utf8')));
}

function* rawAnswer(answer: Buffer): Steps<Document> {
  yield;
  return text(answer.toString('utf8'));
}

/**
 * What was typed after the first `count` words. People copy what a shell wants, `'{"name": "John"}'`: then it is what stands in the
 * quotes. No JSON begins with one.
 */
export function typedRequest(args: Arguments, count: number): string {
  const typed = args.after(count);
  return /^['‘]/.test(typed) && args.words.length === count + 1 ? (args.word(count) ?? typed) : typed;
}

/** What a person typed as a request: one JSON object, untouched. Nothing is an empty one. */
export function requestText(typed: string): string {
  if (typed === '') return '{}';
  try {
    const kind = checkJson(typed);
    if (kind === 'object') return typed;
    throw new CommandError(
      'usage',
      `the request must be a JSON object, not ${kind === 'array' ? 'an array' : `a ${kind}`}`,
    );
  } catch (error) {
    if (error instanceof JsonError) throw new CommandError('usage', error.message, { cause: error });
    throw error;
  }
}

/** The answer of a service, indented. What is no JSON is shown as it came. */
export function* jsonAnswer(answer: string): Steps<Document> {
  try {
    return { kind: 'json', text: yield* indentJsonInSteps(answer) };
  } catch {
    return text(answer);
  }
}

export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function callOptions(invocation: Invocation): CallOptions {
  const address = textOption(invocation.options, 'address');
  return {
    signal: invocation.signal,
    metadata: callerMetadata(invocation, metadataOption(invocation.options)),
    ...(address === undefined ? {} : { address }),
  };
}

/** `key=value` entries; the value may hold further `=`, what has none is skipped. */
export function metadataOption({ metadata = [] }: OptionValues): Metadata {
  const entries = typeof metadata === 'object' ? metadata : [String(metadata)];
  return Object.fromEntries(
    entries
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const)
      .filter(([key], index) => key !== '' && entries[index]?.includes('=') === true),
  );
}
