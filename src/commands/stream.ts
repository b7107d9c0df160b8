import { byAndBy } from '../async/turns.ts';
import { type Document, text } from '../document/document.ts';
import type { Client } from '../runtime/client/client.ts';
import { type CallDeps, callOptions, options, output, requestText, typedRequest } from './call.ts';
import type { Filter } from '../runtime/client/client.ts';
import type { Pinned } from './as-planned.ts';
import { answerOf } from './streaming.ts';
import { type Command, CommandError, type Invocation } from './command.ts';
import { completeEndpoint } from './complete.ts';
import { callFailure } from './failure.ts';

export const stream = ({ where, client, plan, planned }: CallDeps): Command => ({
  name: 'stream',
  usage: 'stream [service] [endpoint] [request]',
  description: 'Shows what a service streams, message by message',
  examples: ['stream deployer Deployer.Deploy {"service": "billing", "version": "1.2"}'],
  source: { kind: 'builtin' },
  options,
  effect: 'change',
  complete: completeEndpoint(where),
  plan,
  run: (invocation) => follow(client, invocation, planned.of(invocation.args)),
});

async function* follow(client: Client, invocation: Invocation, pinned: Pinned | undefined): AsyncIterable<Document> {
  const { args } = invocation;
  const [service, endpoint] = [args.word(0) ?? '', args.word(1) ?? ''];
  if (service === '' || endpoint === '') throw new CommandError('usage', 'require service and endpoint');
  const show = output(invocation);
  const body = requestText(typedRequest(args, 2));
  let answersOnce = false;
  // Where a node is chosen the records are at hand: to ask the registry for them once more would take as long again.
  const streaming: Filter = (records) => {
    answersOnce = answerOf(records, endpoint) === 'one';
    return answersOnce ? [] : records;
  };
  let isSilent = true;
  try {
    const request = { service, endpoint, body, raw: true, contentType: 'application/json' };
    // Opened twice, a stream may do its work twice.
    await using messages = await client.stream<Buffer>(request, {
      ...callOptions(invocation),
      filters: pinned === undefined ? [streaming] : [pinned.filter, streaming],
      retries: 0,
    });
    for await (const message of messages) {
      isSilent = false;
      yield await byAndBy(show(message), invocation.signal);
    }
  } catch (error) {
    if (answersOnce) {
      throw new CommandError('usage', `${endpoint} does not stream: it answers once. Use call ${service} ${endpoint}`);
    }
    pinned?.check(service);
    throw callFailure(`error receiving from ${service}.${endpoint}: `, error);
  }
  // In a chat, silence would look like a bot that is gone; a program that reads the output wants none of our words.
  if (isSilent && invocation.caller.input !== 'cli') yield text('the stream ended without a message');
}
