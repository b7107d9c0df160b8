import { describe, expect, test } from 'vitest';
import { loadProto } from '../../src/runtime/codec/proto-file.ts';
import type { Context } from '../../src/runtime/context.ts';
import { badRequest } from '../../src/runtime/errors.ts';
import { streaming } from '../../src/runtime/server/server.ts';
import { protoClient, protoHandler } from '../../src/runtime/proto-service.ts';
import { failure, newWorld, transports } from './world.ts';

const file = await loadProto(`
  syntax = "proto3";
  package house;
  service Greeter {
    rpc Hello (Request) returns (Response);
    rpc Count (Request) returns (stream Response);
    rpc Sum (stream Request) returns (Response);
    rpc Chat (stream Request) returns (stream Response);
  }
  message Request { string name = 1; int32 times = 2; }
  message Response { string msg = 1; }
`);
const greeter = file.service('Greeter');

interface Req {
  readonly name?: string;
  readonly times?: number;
}
interface Res {
  readonly msg: string;
}
interface Say {
  Hello(request: Req, context: Context): Promise<Res>;
  Count(request: Req, context: Context): AsyncIterable<Res>;
  Sum(requests: AsyncIterable<Req>, context: Context): Promise<Res>;
  Chat(requests: AsyncIterable<Req>, context: Context): AsyncIterable<Res>;
}

class Talker implements Say {
  readonly #greeting = 'Hello';

  async Hello({ name = '' }: Req): Promise<Res> {
    if (name === 'nobody') throw badRequest('say', 'there is nobody');
    return { msg: `${this.#greeting} ${name}` };
  }

  async *Count({ name = '', times = 0 }: Req): AsyncIterable<Res> {
    for (let time = 1; time <= times; time += 1) yield { msg: `${name} ${time}` };
  }

  async Sum(requests: AsyncIterable<Req>): Promise<Res> {
    let sum = 0;
    for await (const { name, times = 0 } of requests) {
      if (name === 'stop') return { msg: 'stopped' };
      if (name === 'refuse') throw badRequest('say', 'no more');
      sum += times;
    }
    return { msg: `${sum}` };
  }

  async *Chat(requests: AsyncIterable<Req>): AsyncIterable<Res> {
    for await (const { name = '' } of requests) yield { msg: `so you are ${name}` };
  }
}

async function* numbers(...values: readonly number[]): AsyncIterable<Req> {
  for (const times of values) yield { name: '', times };
}

describe.each(transports)('a .proto service over %s', (_name, transport) => {
  for (const contentType of ['application/protobuf', 'application/json']) {
    const setup = async () => {
      const world = newWorld(transport);
      const server = await world.serve(protoHandler<Say>(greeter, new Talker()).methods);
      const client = world.client({ defaults: { retries: 0 } });
      return { calls: protoClient<Say>(greeter, 'greeter', client, { contentType }), server };
    };

    test(`is called by its methods in ${contentType}, each kind in its way`, async () => {
      const { calls } = await setup();
      expect(await calls.Hello({ name: 'John' })).toEqual({ msg: 'Hello John' });
      expect(await calls.Hello({})).toEqual({ msg: 'Hello ' });
      expect(await all(await calls.Count({ name: 'John', times: 3 }))).toEqual(['John 1', 'John 2', 'John 3']);
      expect(await all(await calls.Count({}))).toEqual([]);
      expect(await calls.Sum(numbers(1, 2, 39))).toEqual({ msg: '42' });
      expect(await calls.Sum(numbers())).toEqual({ msg: '0' });
      const chat = await calls.Chat();
      await chat.send({ name: 'John' });
      expect(await chat[Symbol.asyncIterator]().next()).toMatchObject({ value: { msg: 'so you are John' } });
      await chat.close();
    });

    test(`hands errors and options on in ${contentType}`, async () => {
      const { calls } = await setup();
      expect(await failure(calls.Hello({ name: 'nobody' }))).toMatchObject({ id: 'say', code: 400 });
      expect(await failure(calls.Hello({}, { signal: AbortSignal.abort() }))).toMatchObject({ code: 408 });
      expect(await failure(calls.Sum(named('refuse', 'John')))).toMatchObject({ id: 'say', code: 400 });
      expect(await calls.Sum(named('stop', 'John'))).toEqual({ msg: 'stopped' });
    });
  }

  test('a request that does not fit fails with a sentence, and so do requests that cannot be made', async () => {
    const world = newWorld(transport);
    await world.serve(protoHandler<Say>(greeter, new Talker()).methods);
    const calls = protoClient<Say>(greeter, 'greeter', world.client());
    expect(await failure(calls.Hello({ times: 'many' as never }))).toMatchObject({
      id: 'go.micro.client.codec',
      detail: expect.stringContaining('times'),
    });
    const torn = (async function* (): AsyncIterable<Req> {
      yield { times: 1 };
      throw new Error('the source has dried up');
    })();
    expect(await failure(calls.Sum(torn))).toMatchObject({ message: 'the source has dried up' });
  });

  test('a stream that ends without the answer that was asked for is an error', async () => {
    const world = newWorld(transport);
    const { Hello } = protoHandler<Say>(greeter, new Talker()).methods;
    const Sum = streaming(async function* (requests: AsyncIterable<unknown>) {
      for await (const _ of requests) if (_ === undefined) yield _;
    });
    await world.serve({ ...(Hello === undefined ? {} : { Hello }), Sum });
    const calls = protoClient<Say>(greeter, 'greeter', world.client(), { contentType: 'application/json' });
    expect(await failure(calls.Sum(numbers(1)))).toMatchObject({
      code: 500,
      detail: 'Greeter.Sum ended without an answer',
    });
  });

  test('a stream of answers wants its request first', async () => {
    const world = newWorld(transport);
    await world.serve(protoHandler<Say>(greeter, new Talker()).methods);
    const stream = await world.client().stream({ service: 'greeter', endpoint: 'Greeter.Count' });
    await stream.closeSend();
    expect(await failure(stream[Symbol.asyncIterator]().next())).toMatchObject({
      code: 400,
      detail: 'Greeter.Count wants a message first',
    });
  });
});

test('the registry is told what the methods look like, and what is said about them', async () => {
  const metadata = { Hello: { command: 'greet' } };
  const handler = protoHandler<Say>(greeter, new Talker(), { metadata });
  const server = await newWorld().serve(handler.methods);
  expect(server.record.endpoints).toMatchObject([
    { name: 'Greeter.Chat', metadata: { stream: 'true' } },
    { name: 'Greeter.Count', metadata: { stream: 'true' } },
    {
      name: 'Greeter.Hello',
      request: {
        name: 'Request',
        values: [
          { name: 'name', type: 'string' },
          { name: 'times', type: 'int32' },
        ],
      },
      response: { name: 'Response' },
      metadata: { command: 'greet' },
    },
    { name: 'Greeter.Sum', metadata: { stream: 'true' } },
  ]);
});

test('a method without a function is refused before anybody calls it', () => {
  expect(() => protoHandler(greeter, { Hello: () => ({ msg: '' }) })).toThrow(
    'Greeter.Count has no function that answers it',
  );
});

async function all(stream: AsyncIterable<Res>): Promise<string[]> {
  const words: string[] = [];
  for await (const { msg } of stream) words.push(msg);
  return words;
}

async function* named(...names: readonly string[]): AsyncIterable<Req> {
  for (const name of names) yield { name };
}
