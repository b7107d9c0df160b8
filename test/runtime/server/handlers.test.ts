import { describe, expect, test } from 'vitest';
import type { Log } from '../../../src/log/log.ts';
import { silent } from '../../../src/log/log.ts';
import { contextKey } from '../../../src/runtime/context.ts';
import { conflict, MicroError } from '../../../src/runtime/errors.ts';
import { shape } from '../../../src/runtime/schema.ts';
import { newServer } from '../../../src/runtime/server/micro.ts';
import type { HandlerWrapper, Unary } from '../../../src/runtime/server/server.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { failure, hello, newWorld, transports } from '../world.ts';

const ask = { service: 'greeter', endpoint: 'Greeter.Ask' };

describe.each(transports)('handlers over %s', (_name, transport) => {
  async function answer(handler: Unary<never, unknown>, wrappers: readonly HandlerWrapper[] = []): Promise<unknown> {
    const world = newWorld(transport);
    await world.serve({ Ask: unary(handler) }, { wrappers });
    return world.client().call(ask, { retries: 0 });
  }

  test.each<[string, Unary<never, unknown>, object]>([
    ['a plain error', () => Promise.reject(new Error('oh no')), { id: 'greeter', code: 500, detail: 'oh no' }],
    [
      'an error thrown at once',
      () => {
        throw new TypeError('oh');
      },
      { id: 'greeter', code: 500, detail: 'oh' },
    ],
    ['a micro error', () => Promise.reject(conflict('store', 'taken')), { id: 'store', code: 409, detail: 'taken' }],
    ['something that is no error', () => Promise.reject('text'), { code: 500, detail: 'text' }],
    ['text of several lines', () => Promise.reject(new MicroError('', 0, 'a\r\nb')), { code: 0, detail: 'a  b' }],
  ])('%s reaches the caller', async (_what, handler, expected) => {
    expect(await failure(answer(handler))).toMatchObject(expected);
  });

  test('a failure nobody meant is logged with its stack; an error a handler answers with is not', async () => {
    const world = newWorld(transport);
    const logged: unknown[] = [];
    const log: Log = { ...silent, error: (message, fields) => void logged.push([message, fields]) };
    const bug = new Error('undefined is not a function');
    const Ask = unary(() => Promise.reject(bug));
    const Refuse = unary(() => Promise.reject(conflict('store', 'taken')));
    await world.serve({ Ask, Refuse }, { log });
    await failure(world.client().call(ask, { retries: 0 }));
    await failure(world.client().call({ ...ask, endpoint: 'Greeter.Refuse' }, { retries: 0 }));
    expect(logged).toEqual([['a handler failed', { endpoint: 'Greeter.Ask', error: bug }]]);
  });

  test('an error longer than a head may be is cut, and still an error', async () => {
    const error = await failure(answer(() => Promise.reject(new Error('x'.repeat(1_000_000)))));
    expect(error).toMatchObject({ id: 'greeter', code: 500, detail: expect.stringMatching(/^x{2000,}…$/) });
  });

  test('an answer that cannot be written is an error, not silence', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(await failure(answer(() => circle))).toMatchObject({ id: 'greeter', code: 500, detail: /circular/i });
  });

  test('an absent answer is an empty message', async () => {
    expect(await answer(() => undefined)).toEqual({});
  });

  test('anything with a then is waited for', async () => {
    const slow = {};
    Reflect.set(slow, 'then', (resolve: (value: unknown) => void) => queueMicrotask(() => resolve({ done: true })));
    expect(await answer(() => slow)).toEqual({ done: true });
  });

  test('wrappers surround handlers in order, see the request, and may hand values down', async () => {
    const key = contextKey<string>('user');
    const seen: unknown[] = [];
    const outer: HandlerWrapper = (next) => async (context, request) => {
      seen.push({ ...request });
      const result = await next(context.with(key, 'asim'), request);
      return { wrapped: result };
    };
    const inner: HandlerWrapper = (next) => (context, request) =>
      next(context, { ...request, body: { changed: true } });
    const handler: Unary<never, unknown> = (body, context) => ({
      body,
      user: context.get(key),
      none: context.get(contextKey('user')),
    });
    expect(await answer(handler, [outer, inner])).toEqual({ wrapped: { body: { changed: true }, user: 'asim' } });
    expect(seen).toEqual([
      { service: 'greeter', endpoint: 'Greeter.Ask', contentType: 'application/json', stream: false, body: {} },
    ]);
  });

  test('a wrapper may refuse; Debug is not wrapped', async () => {
    const world = newWorld(transport);
    const refuse: HandlerWrapper = () => () => {
      throw new MicroError('gate', 429, 'too many');
    };
    await world.serve({ Ask: hello }, { wrappers: [refuse] });
    const client = world.client();
    expect(await failure(client.call(ask))).toMatchObject({ id: 'gate', code: 429 });
    await expect(client.call({ service: 'greeter', endpoint: 'Debug.Health' })).resolves.toEqual({ status: 'ok' });
  });

  test('a caller that goes away aborts the signal of its handler', async () => {
    const world = newWorld(transport);
    const aborted: unknown[] = [];
    let called = false;
    const Ask = unary((_: unknown, { signal }) => {
      called = true;
      signal.addEventListener('abort', () => aborted.push(signal.reason));
      return new Promise(() => {});
    });
    await world.serve({ Ask });
    const client = world.client();
    const call = failure(client.call(ask, { timeoutMs: 60_000, retries: 0 }));
    await until(() => called);
    await client.close();
    await call;
    await until(() => aborted.length === 1);
    expect(aborted[0]).toMatchObject({ detail: 'the caller went away' });
  });

  test('several services of one process answer under their own names', async () => {
    const world = newWorld(transport);
    const who = (name: string) => unary(() => ({ name }));
    await world.serve({ Who: who('one') }, { name: 'one' });
    await world.serve({ Who: who('two') }, { name: 'two' });
    const client = world.client();
    const names = ['one', 'two'].map((service) => client.call({ service, endpoint: 'Greeter.Who' }));
    await expect(Promise.all(names)).resolves.toEqual([{ name: 'one' }, { name: 'two' }]);
  });
});

test('a server says what it is', async () => {
  const world = newWorld();
  const Hello = unary(() => ({}), {
    request: shape('Request', { name: 'string', tags: '[]string' }),
    response: shape('Response', { msg: 'string' }),
    metadata: { command: 'greet' },
  });
  const Watch = streaming(async function* () {}, { metadata: { description: 'd' } });
  const server = await world.serve(
    { Watch, Hello, Bare: unary(() => ({})) },
    { id: 'id1', version: '1.0.0', metadata: { region: 'eu', server: 'lie' } },
  );
  const [record] = await world.registry.getService('greeter');
  expect(record).toEqual(server.record);
  expect(record).toMatchObject({ name: 'greeter', version: '1.0.0' });
  expect(record?.nodes).toEqual([
    {
      id: 'greeter-id1',
      address: server.address,
      metadata: {
        region: 'eu',
        broker: 'http',
        multiplex: 'true',
        protocol: 'mucp',
        registry: 'memory',
        server: 'mucp',
        transport: 'http',
      },
    },
  ]);
  expect(record?.endpoints.map(({ name, metadata }) => [name, metadata])).toEqual([
    ['Greeter.Bare', {}],
    ['Greeter.Hello', { command: 'greet' }],
    ['Greeter.Watch', { description: 'd', stream: 'true' }],
  ]);
  expect(record?.endpoints[1]?.request).toEqual({
    name: 'Request',
    type: 'Request',
    values: [
      { name: 'name', type: 'string', values: [] },
      { name: 'tags', type: '[]string', values: [] },
    ],
  });
});

test('what go-micro calls a server that nobody named', () => {
  const { registry, transport } = newWorld();
  const server = newServer({ registry, transport });
  expect(server.record).toMatchObject({ name: 'go.micro.server', version: 'latest' });
  expect(server.record.nodes[0]?.id).toMatch(/^go\.micro\.server-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test('a type is served once, under one word, and before the start', async () => {
  const world = newWorld();
  const { registry, transport } = world;
  const server = newServer({ registry, transport });
  server.handle({ name: 'Say', methods: {} });
  expect(() => server.handle({ name: 'Say', methods: {} })).toThrow('Say is served already');
  expect(() => server.handle({ name: 'Debug', methods: {} })).toThrow('Debug is served already');
  expect(() => server.handle({ name: 'Say.Hello', methods: {} })).toThrow("a handler's name is one word without dots");
  const started = await world.serve({ Hello: hello });
  expect(() => started.handle({ name: 'Late', methods: {} })).toThrow(
    'Late must be handled before the server is started',
  );
});
