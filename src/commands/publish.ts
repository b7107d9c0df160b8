import { text } from '../document/document.ts';
import type { Client } from '../runtime/client/client.ts';
import { metadataOption, requestText, typedRequest } from './call.ts';
import { callerMetadata } from './caller.ts';
import { type Arguments, type Command, CommandError, type Option } from './command.ts';
import { callFailure } from './failure.ts';

export const options: readonly Option[] = [
  { name: 'metadata', kind: 'list', env: 'MICRO_METADATA', usage: 'Metadata for the subscribers: key=value' },
];

export const publish = ({ client }: { readonly client: Client }): Command => ({
  name: 'publish',
  usage: 'publish [topic] [event]',
  description: 'Publishes an event to whoever subscribed to its topic',
  examples: ['publish deployed {"service": "billing"}'],
  source: { kind: 'builtin' },
  options,
  effect: 'change',
  parameters: [{ name: 'topic', choices: undefined, isDeep: false }],
  plan: ({ args }) => ({ parameters: new Map([['topic', [read(args).topic]]]), secrets: [] }),
  run: async (invocation) => {
    const { topic, body } = read(invocation.args);
    const message = { topic, body, raw: true, contentType: 'application/json' };
    const metadata = callerMetadata(invocation, metadataOption(invocation.options));
    await client
      .publish(message, { metadata })
      .catch((error: unknown) => Promise.reject(callFailure(`error publishing to ${topic}: `, error)));
    return text('ok');
  },
});

/** Throws a `CommandError` (`usage`). */
function read(args: Arguments): { readonly topic: string; readonly body: string } {
  const topic = args.word(0) ?? '';
  const typed = typedRequest(args, 1);
  if (topic === '' || typed === '') {
    throw new CommandError('usage', `require topic and message e.g micro publish event '{"hello": "world"}'`);
  }
  return { topic, body: requestText(typed) };
}
