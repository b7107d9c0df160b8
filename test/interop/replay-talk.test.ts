import { describe, expect, it } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import type { Envelope } from '../../src/runtime/codec/codec.ts';
import { defaultCodecs } from '../../src/runtime/codec/defaults.ts';
import { MicroError } from '../../src/runtime/errors.ts';
import type { Release } from '../support/go.ts';
import { type Part, parts, requests, responses } from './capture-parts.ts';
import type { Capture } from './captures.ts';
import { ourClient, ourService } from './house.ts';
import { type Messages, messagesOf } from './matrix/kinds.ts';
import { errorOf, type Observation, service } from './matrix/observation.ts';
import { talk } from './matrix/talk.ts';
import { common, goClient, goServer } from './replay.ts';
import { rightTalks, type Talk, talkCaptures, talksOf } from './talk-captures.ts';

/** What is in a body: the releases order members differently, and leave out more or fewer zeros of an envelope. */
function inside({ headers, body }: Part, read: (envelope: Envelope, bytes: Buffer) => unknown): unknown {
  const contentType = headers['Content-Type'] ?? '';
  const bytes = Buffer.from(body, 'latin1');
  if (contentType.includes('json') && !contentType.includes('grpc')) {
    return body === '' ? '' : (JSON.parse(bytes.toString()) as unknown);
  }
  const envelope = defaultCodecs.get(contentType)?.envelope;
  return envelope === undefined || body === '' ? body : read(envelope, bytes);
}

const asked = (part: Part, { schema }: Messages): object => ({
  start: part.start,
  headers: common(part),
  body: inside(part, (envelope, bytes) => {
    const request = envelope.readRequest(bytes);
    return { endpoint: request.endpoint, id: request.id, message: request.decode(schema) };
  }),
});

/** What a Go client looks at. */
const answered = (part: Part, { schema }: Messages): object => ({
  start: part.start,
  contentType: part.headers['Content-Type'],
  error: part.headers['Micro-Error'],
  body: inside(part, (envelope, bytes) => {
    try {
      return envelope.readAnswer(bytes, schema);
    } catch (error) {
      return error;
    }
  }),
});

/** Our client says the same to a server that says what Go said. */
async function ask(capture: Capture, { way, method, stream, texts }: Talk): Promise<[Observation, readonly Part[]]> {
  const { handler, schema, read, write } = messagesOf[way.kind];
  const { address, heard } = await goServer(capture, stream ? 1 + texts.length : 1);
  const client = ourClient(memoryRegistry());
  const schemas = schema === undefined ? {} : { requestSchema: schema, responseSchema: schema };
  const request = { service, endpoint: `${handler}.${method}`, contentType: way.contentType, ...schemas };
  const answers: string[] = [];
  let error: unknown;
  try {
    if (stream) {
      const conversation = await client.stream(request, { address });
      for (const text of texts) await conversation.send(write(text));
      for await (const message of conversation) answers.push(read(message));
    } else {
      const [body] = texts.map(write);
      answers.push(read(await client.call({ ...request, body }, { address, retries: 0 })));
    }
  } catch (thrown) {
    error = errorOf(thrown instanceof MicroError ? thrown : new Error('no micro error', { cause: thrown }));
  }
  return [{ answers, ...(error === undefined ? {} : { error }) }, parts(heard())];
}

describe.each(Object.entries(talkCaptures.read()))('with the bytes of %s:', (release, captured) => {
  const talks = Object.entries(talksOf(release as Release)).map(([name, each]): [string, Talk, Capture] => {
    const capture = captured[name];
    if (capture === undefined) throw new Error(`${name} was not captured`);
    return [name, each, capture];
  });

  it('nothing else was captured', () => {
    expect(Object.keys(captured).toSorted()).toEqual(talks.map(([name]) => name).toSorted());
  });

  it.each(talks)('our client asks as Go does, and understands the answer: %s', async (_, each, capture) => {
    const [observed, said] = await ask(capture, each);
    expect(observed).toEqual(rightTalks[each.method]);
    // What opens a stream means nothing, and Go cannot say that this is all, so it says a full stop.
    const [from, to] = each.stream ? [1, 1 + each.texts.length] : [0, 1];
    const messages = messagesOf[each.way.kind];
    const asGo = requests(capture).slice(from, to);
    expect(said.slice(from, to).map((part) => asked(part, messages))).toEqual(
      asGo.map((part) => asked(part, messages)),
    );
  });

  it.each(talks)('our server answers as Go does: %s', async (_, { way }, capture) => {
    const messages = messagesOf[way.kind];
    const { address } = await ourService(service, [talk(service, messages, [])], { registry: memoryRegistry() });
    const asGo = responses(capture);
    const answers = await goClient(address, capture.request, asGo.length);
    expect(answers.map((part) => answered(part, messages))).toEqual(asGo.map((part) => answered(part, messages)));
  });
});
