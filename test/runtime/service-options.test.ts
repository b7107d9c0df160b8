import { describe, expect, onTestFinished, test } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { memoryBroker } from '../../src/runtime/broker/memory.ts';
import type { CallWrapper, Client, ClientWrapper } from '../../src/runtime/client/client.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import type { Handler, HandlerWrapper, SubscriberWrapper } from '../../src/runtime/server/server.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { subscriber, unary } from '../../src/runtime/server/server.ts';
import type { Service, ServiceOptions } from '../../src/runtime/service.ts';
import { newService } from '../../src/runtime/service.ts';
import { memoryTransport } from '../../src/runtime/transport/memory.ts';
import { until } from '../support/until.ts';
import { failure, hello } from './world.ts';

const make = (options: Partial<ServiceOptions> = {}): Service =>
  newService({
    name: 'say',
    address: '127.0.0.1:0',
    registry: memoryRegistry(),
    transport: memoryTransport(),
    ...options,
  });

const Hello: Handler = { name: 'Say', methods: { Hello: hello } };
const greet = { service: 'say', endpoint: 'Say.Hello', body: { name: 'John' } };

/** Runs it until the test ends; resolves when it serves. */
async function running(service: Service): Promise<AbortController> {
  const stop = new AbortController();
  const ended = service.run({ signal: stop.signal });
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  await until(() => service.server.address);
  return stop;
}

/** Wrappers that write down that they were passed. */
function tracing() {
  const seen: string[] = [];
  const client =
    (name: string): ClientWrapper =>
    (next) => ({
      ...next,
      call: (request, options) => {
        seen.push(name);
        return next.call(request, options);
      },
    });
  const call =
    (name: string): CallWrapper =>
    (next) =>
    (node, request, options) => {
      seen.push(name);
      return next(node, request, options);
    };
  const handler =
    (name: string): HandlerWrapper =>
    (next) =>
    (context, request) => {
      seen.push(name);
      return next(context, request);
    };
  return { seen, client, call, handler };
}

describe('options', () => {
  test('are shown as they are in force, and cannot be changed behind its back', () => {
    const given = [Hello];
    const service = make({ version: '1.2.3', handlers: given, metadata: { zone: 'a' } });
    service.init({ version: '2.0.0', metadata: { tier: 'b' }, client: { poolSize: 5 } });
    service.init({ client: { defaults: { retries: 7 } } });
    const other = { name: 'Other', methods: {} };
    service.handle(other);
    expect(service.options).toMatchObject({
      name: 'say',
      version: '2.0.0',
      metadata: { zone: 'a', tier: 'b' },
      client: { poolSize: 5, defaults: { retries: 7 } },
      handlers: [Hello, other],
    });
    expect(service.server.record).toMatchObject({ version: '2.0.0', nodes: [{ metadata: { zone: 'a', tier: 'b' } }] });
    expect(() => Object.assign(service.options, { name: 'x' })).toThrow(TypeError);
    expect(() => (service.options.handlers as unknown[]).push(other)).toThrow(TypeError);
    given.push(other);
    expect(service.options.handlers).toHaveLength(2);
  });

  test('a name given later is the name of server, client and service', async () => {
    const service = make({ handlers: [Hello] });
    const { client, server } = service;
    const { id } = server;
    service.init({ name: 'greeter' });
    service.handle({ name: 'Who', methods: { Asks: unary((_, context) => context.header('Micro-From-Service')) } });
    await running(service);
    expect([service.name, server.name, server.id]).toEqual(['greeter', 'greeter', id]);
    expect(await client.call({ ...greet, service: 'greeter' })).toEqual({ msg: 'Hello John' });
    expect(await client.call({ service: 'greeter', endpoint: 'Who.Asks' })).toBe('greeter');
  });

  test('wrappers come one after the other, those given first outermost', async () => {
    const { seen, client, call, handler } = tracing();
    const service = make({
      handlers: [Hello],
      clientWrappers: [client('client 1'), client('client 2')],
      callWrappers: [call('call 1')],
      handlerWrappers: [handler('handler 1')],
    });
    service.init({
      clientWrappers: [client('client 3')],
      callWrappers: [call('call 2')],
      handlerWrappers: [handler('handler 2')],
    });
    await running(service);
    await service.client.call(greet);
    expect(seen).toEqual(['client 1', 'client 2', 'client 3', 'call 1', 'call 2', 'handler 1', 'handler 2']);
  });

  test('another client or server keeps name, wrappers and handlers', async () => {
    const { seen, client, handler } = tracing();
    const service = make({
      handlers: [Hello],
      clientWrappers: [client('client')],
      handlerWrappers: [handler('handler')],
    });
    service.init({
      newClient(options) {
        seen.push(`a client of ${options.name}`);
        return newClient(options);
      },
      newServer(options) {
        seen.push(`a server of ${options.name}`);
        return newServer(options);
      },
    });
    await running(service);
    await service.client.call(greet);
    expect(seen).toEqual(['a server of say', 'a client of say', 'client', 'handler']);
  });
});

describe('what comes too late is refused', () => {
  const late: ClientWrapper = (next) => next;

  test('after the client was used', async () => {
    const service = make();
    await failure(service.client.call(greet));
    expect(() => service.init({ clientWrappers: [late] })).toThrow(
      'options, and wrappers among them, must be given before the client is used',
    );
    await service.client.close();
  });

  test('after the start', async () => {
    const service = make({ broker: memoryBroker() });
    await running(service);
    expect(() => service.init({ handlerWrappers: [] })).toThrow(
      'options, and wrappers among them, must be given before the service is started',
    );
    expect(() => service.handle(Hello)).toThrow('before the server is started');
    expect(() => service.subscribe(subscriber('t', () => {}))).toThrow('before the server is started');
    await expect(service.run()).rejects.toThrow('it runs once only');
  });

  test('also when the server was started by itself', async () => {
    const service = make();
    await service.server.start();
    expect(() => service.init({ name: 'x' })).toThrow('before the service is started');
    await service.server.stop();
  });

  test('and what is wrong changes nothing', () => {
    const service = make({ handlers: [Hello] });
    expect(() => service.init({ name: 'x', registerTtlMs: 1, registerIntervalMs: 2 })).toThrow('must exceed');
    expect(() => service.init({ handlers: [Hello] })).toThrow('Say is served already');
    expect(() => service.handle(Hello)).toThrow('Say is served already');
    expect(() => service.subscribe(subscriber('t', () => {}))).toThrow('without a broker');
    expect([service.name, service.options.handlers]).toEqual(['say', [Hello]]);
  });
});

test('events reach subscribers given in options, and later, through their wrappers', async () => {
  const broker = memoryBroker();
  const seen: unknown[] = [];
  const wrap: SubscriberWrapper = (next) => (context, event) => {
    seen.push(`${event.topic} of ${context.header('Micro-From-Service')}`);
    return next(context, event);
  };
  const service = make({
    broker,
    subscriberWrappers: [wrap],
    subscribers: [subscriber('one', (message) => void seen.push(message))],
  });
  service.subscribe(subscriber('two', (message) => void seen.push(message)));
  await running(service);
  await service.client.publish({ topic: 'one', body: { n: 1 } });
  await until(() => seen.length === 2);
  await service.client.publish({ topic: 'two', body: { n: 2 } });
  await until(() => seen.length === 4);
  expect(seen).toEqual(['one of say', { n: 1 }, 'two of say', { n: 2 }]);
  await broker.disconnect();
});

test('two services in one program do not share anything', async () => {
  const registry = memoryRegistry();
  const transport = memoryTransport();
  const clients: Client[] = [];
  for (const name of ['one', 'two']) {
    const service = make({ name, registry, transport, handlers: [Hello] });
    await running(service);
    clients.push(service.client);
  }
  expect(await clients[0]?.call({ ...greet, service: 'two' })).toEqual({ msg: 'Hello John' });
  expect(await clients[1]?.call({ ...greet, service: 'one' })).toEqual({ msg: 'Hello John' });
});
