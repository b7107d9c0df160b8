import { describe, expect, test } from 'vitest';
import { shape } from '../../../src/runtime/schema.ts';
import { MicroError, notFound } from '../../../src/runtime/errors.ts';
import { filterLabel, filterVersion } from '../../../src/runtime/selector/filters.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { failure, hello, newWorld, transports } from '../world.ts';

const greet = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'John' } };

describe.each(transports)('calls over %s', (_name, transport) => {
  test('a service found in the registry answers', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: hello });
    await expect(world.client().call(greet)).resolves.toEqual({ msg: 'Hello John' });
  });

  test('an absent body is an empty message', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: hello });
    await expect(world.client().call({ service: 'greeter', endpoint: 'Greeter.Hello' })).resolves.toEqual({
      msg: 'Hello ',
    });
  });

  test('many calls at once each get their own answer', async () => {
    const world = newWorld(transport);
    await world.serve({ Echo: unary(async ({ n }: { n: number }) => ({ n })) });
    const client = world.client();
    const calls = Array.from({ length: 200 }, (_, n) =>
      client.call({ service: 'greeter', endpoint: 'Greeter.Echo', body: { n } }),
    );
    await expect(Promise.all(calls)).resolves.toEqual(Array.from({ length: 200 }, (_, n) => ({ n })));
  });

  test('the error a handler throws arrives as it is', async () => {
    const world = newWorld(transport);
    const Fail = unary(() => {
      throw notFound('greeter', 'nobody called hé→\nx<&');
    });
    await world.serve({ Fail });
    const error = await failure(world.client().call({ service: 'greeter', endpoint: 'Greeter.Fail' }));
    expect(error).toBeInstanceOf(MicroError);
    expect(error).toMatchObject({ id: 'greeter', code: 404, detail: 'nobody called hé→\nx<&', status: 'Not Found' });
  });

  test('routing errors of the server have no code and are not repeated', async () => {
    const world = newWorld(transport);
    const server = await world.serve({ Hello: hello });
    const client = world.client();
    const detail = async (endpoint: string): Promise<unknown> => failure(client.call({ service: 'greeter', endpoint }));
    expect(await detail('Nope.Hello')).toMatchObject({ code: 0, detail: "rpc: can't find service Nope" });
    expect(await detail('Greeter.Nope')).toMatchObject({ code: 0, detail: "rpc: can't find method Nope" });
    expect(await detail('Greeter')).toMatchObject({ detail: 'rpc: service/endpoint request ill-formed: Greeter' });
    const stats = await client.call<{ errors: number }>({ service: server.name, endpoint: 'Debug.Stats' });
    expect(stats.errors).toBe(3);
  });

  test('an unknown service is not found', async () => {
    const error = await failure(
      newWorld(transport)
        .client()
        .call({ ...greet, service: 'nope' }),
    );
    expect(error).toMatchObject({ id: 'go.micro.client', code: 500, detail: 'service nope: not found' });
  });

  test('filters narrow down the nodes, and may leave none', async () => {
    const world = newWorld(transport);
    const version = unary((_: unknown, { metadata }) => ({ local: metadata['Local'] }));
    const one = await world.serve({ Version: version }, { version: '1', metadata: { key: 'a' } });
    const two = await world.serve({ Version: version }, { version: '2', metadata: { key: 'b' } });
    const client = world.client();
    const who = { service: 'greeter', endpoint: 'Greeter.Version' };
    const ask = (...filters: ReturnType<typeof filterVersion>[]) => client.call<{ local: string }>(who, { filters });
    expect(await ask(filterVersion('1'))).toEqual({ local: one.address });
    expect(await ask(filterVersion('2'))).toEqual({ local: two.address });
    expect(await ask(filterLabel('key', 'b'))).toEqual({ local: two.address });
    const error = await failure(ask(filterVersion('1'), filterLabel('key', 'b')));
    expect(error).toMatchObject({
      id: 'go.micro.client',
      code: 500,
      detail: 'error selecting greeter node: none available',
    });
  });

  test('given addresses are called without the registry', async () => {
    const world = newWorld(transport);
    const server = await world.serve({ Hello: hello });
    const down = () => Promise.reject(new Error('discovery is down'));
    const client = world.client({ lookup: down });
    expect(await failure(client.call(greet))).toMatchObject({
      detail: 'error selecting greeter node: discovery is down',
    });
    await expect(client.call(greet, { address: server.address })).resolves.toEqual({ msg: 'Hello John' });
    await expect(client.call(greet, { address: [server.address, server.address] })).resolves.toEqual({
      msg: 'Hello John',
    });
    expect(await failure(client.call(greet, { address: [] }))).toMatchObject({ code: 400 });
  });

  test('nobody listening at a node is a connection error', async () => {
    const world = newWorld(transport);
    const gone = await world.serve({ Hello: hello });
    await gone.stop();
    const error = await failure(world.client().call(greet, { address: gone.address, retries: 0 }));
    expect(error).toMatchObject({
      id: 'go.micro.client',
      code: 500,
      detail: expect.stringMatching(/^connection error: /),
    });
  });

  test('raw bodies and answers pass untouched', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: hello, Echo: unary((body: unknown) => body) });
    const client = world.client();
    const greeted = await client.call<Buffer>({ ...greet, raw: true, body: '{"name":  "John"} trailing' });
    expect(greeted).toBeInstanceOf(Buffer);
    expect(greeted.toString()).toBe('{"msg":"Hello John"}\n');
    const bytes = Buffer.from([0, 255, 13, 10, 0]);
    const echo = { service: 'greeter', endpoint: 'Greeter.Echo', contentType: 'application/octet-stream', raw: true };
    expect(await client.call<Buffer>({ ...echo, body: bytes })).toEqual(bytes);
  });

  test('a raw body that is neither text nor bytes is refused', async () => {
    const error = await failure(
      newWorld(transport)
        .client()
        .call({ ...greet, raw: true }),
    );
    expect(error).toMatchObject({ code: 400, detail: 'the body of a raw request must be text or bytes' });
  });

  test('a content type nobody knows is refused on either side', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: hello });
    const client = world.client();
    const xml = { ...greet, contentType: 'application/xml' };
    expect(await failure(client.call(xml))).toMatchObject({
      id: 'go.micro.client',
      code: 500,
      detail: 'Unsupported Content-Type: application/xml',
    });
    expect(await failure(client.call({ ...xml, raw: true, body: '<a/>' }, { retries: 0 }))).toMatchObject({
      code: 500,
      detail: 'Unsupported Content-Type: application/xml',
    });
  });

  test('an answer that cannot be read is an error of the codec', async () => {
    const world = newWorld(transport);
    const torn = {
      value: shape('Torn', {}).value,
      json: {
        write: (value: unknown) => value,
        read: () => {
          throw new Error('torn');
        },
      },
    };
    await world.serve({ Hello: hello });
    const error = await failure(world.client().call({ ...greet, responseSchema: torn }, { retries: 0 }));
    expect(error).toMatchObject({ id: 'go.micro.client.codec', code: 500, detail: 'torn' });
  });

  test('a closed client refuses calls and ends those under way', async () => {
    const world = newWorld(transport);
    await world.serve({ Hang: unary(() => new Promise(() => {})) });
    const client = world.client();
    const hanging = failure(client.call({ service: 'greeter', endpoint: 'Greeter.Hang' }, { retries: 0 }));
    await client.call({ service: 'greeter', endpoint: 'Debug.Health' });
    await client.close();
    expect(await hanging).toMatchObject({ code: 500, detail: 'the client is closed' });
    expect(await failure(client.call(greet))).toMatchObject({ detail: 'the client is closed' });
  });
});
