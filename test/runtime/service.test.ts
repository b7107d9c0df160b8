import { expect, test } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import type { Service, ServiceOptions } from '../../src/runtime/service.ts';
import { newService } from '../../src/runtime/service.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { until } from '../support/until.ts';
import { failure, hello } from './world.ts';

const handlers = [{ name: 'Say', methods: { Hello: hello } }];

function service(options: Partial<ServiceOptions> = {}): Service {
  const registry = options.registry ?? memoryRegistry();
  return newService({ name: 'say', address: '127.0.0.1:0', registry, ...options });
}

test('a service runs from its hooks to its hooks, and stops when told', async () => {
  const registry = memoryRegistry();
  const heard: string[] = [];
  const found = async (): Promise<boolean> => (await registry.getService('say')).length > 0;
  const hook = (name: string) => async () => void heard.push(`${name} ${await found()}`);
  const controller = new AbortController();
  const one = service({
    registry,
    handlers,
    beforeStart: [hook('before start'), hook('second')],
    afterStart: [hook('after start')],
    beforeStop: [hook('before stop')],
    afterStop: [hook('after stop')],
  });
  const running = one.run({ signal: controller.signal });
  await until(found);
  expect(await one.client.call({ service: 'say', endpoint: 'Say.Hello', body: { name: 'John' } })).toEqual({
    msg: 'Hello John',
  });
  controller.abort();
  await running;
  expect(heard).toEqual([
    'before start false',
    'second false',
    'after start true',
    'before stop true',
    'after stop false',
  ]);
  expect(await failure(one.client.call({ service: 'say', endpoint: 'Say.Hello' }))).toMatchObject({
    detail: 'the client is closed',
  });
});

test('its client says who calls, and its wrappers are in place', async () => {
  const registry = memoryRegistry();
  const controller = new AbortController();
  const one = service({
    registry,
    handlerWrappers: [
      (next) => async (context, request) => ({
        from: context.header('micro-from-service'),
        body: await next(context, request),
      }),
    ],
    clientWrappers: [
      (next) => ({ ...next, call: async (request, options) => [await next.call(request, options)] as never }),
    ],
    callWrappers: [
      (next) => (node, request, options) => next(node, request, { ...options, metadata: { Extra: 'yes' } }),
    ],
  });
  one.handle({ name: 'Say', methods: { Extra: unary((_: unknown, context) => context.header('extra')) } });
  const running = one.run({ signal: controller.signal });
  await until(async () => (await registry.getService('say')).length > 0);
  expect(await one.client.call({ service: 'say', endpoint: 'Say.Extra' })).toEqual([{ from: 'say', body: 'yes' }]);
  controller.abort();
  await running;
});

test('a hook that fails ends the run with its error, and leaves nothing behind', async () => {
  const registry = memoryRegistry();
  const fail = () => Promise.reject(new Error('no database'));
  const never = new AbortController().signal;
  for (const hooks of [{ beforeStart: [fail] }, { afterStart: [fail] }]) {
    expect(await failure(service({ registry, ...hooks }).run({ signal: never }))).toMatchObject({
      message: 'no database',
    });
    expect(await registry.getService('say')).toEqual([]);
  }
});

test('a signal that has aborted already means: up and down again', async () => {
  await service({ handlers }).run({ signal: AbortSignal.abort() });
});

const listeners = (): number =>
  ['SIGTERM', 'SIGINT', 'SIGQUIT'].reduce((sum, name) => sum + process.listenerCount(name), 0);

test('the signals of the process are left alone unless they are wanted, and given back', async () => {
  const before = listeners();
  const registry = memoryRegistry();
  const controller = new AbortController();
  const quiet = service({ registry }).run({ signal: controller.signal });
  await until(async () => (await registry.getService('say')).length > 0);
  expect(listeners()).toBe(before);
  controller.abort();
  await quiet;
  const other = memoryRegistry();
  const again = new AbortController();
  const heard = service({ registry: other, handleSignals: true }).run({ signal: again.signal });
  await until(async () => (await other.getService('say')).length > 0);
  expect(listeners()).toBe(before + 3);
  again.abort();
  await heard;
  expect(listeners()).toBe(before);
});

test.each(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)('%s ends a run that was given no signal', async (name) => {
  const registry = memoryRegistry();
  const running = service({ registry, handlers }).run();
  await until(async () => (await registry.getService('say')).length > 0);
  process.emit(name);
  await running;
  expect(await registry.getService('say')).toEqual([]);
});
