import { expect, onTestFinished, test } from 'vitest';
import { memoryBroker } from '../../../src/runtime/broker/memory.ts';
import { badRequest } from '../../../src/runtime/errors.ts';
import { streaming, subscriber, unary } from '../../../src/runtime/server/server.ts';
import { memoryTransport } from '../../../src/runtime/transport/memory.ts';
import { clientLogging, handlerLogging, subscriberLogging } from '../../../src/runtime/wrappers/logging.ts';
import { logLines } from '../../support/lines.ts';
import { until } from '../../support/until.ts';
import { newServer } from '../../../src/runtime/server/micro.ts';
import { failure, hello, newWorld } from '../world.ts';

const secret = 'hunter2';

async function setup() {
  const [theirs, ours] = [logLines(), logLines()];
  const world = newWorld(memoryTransport);
  const Refuse = unary(() => {
    throw badRequest('greeter', `not with ${secret}`);
  });
  const Count = streaming(async function* (requests: AsyncIterable<unknown>) {
    for await (const _ of requests) yield 1;
  });
  const Break = streaming(async function* () {
    yield 1;
    throw badRequest('greeter', 'no more');
  });
  await world.serve(
    { Hello: hello, Refuse, Count, Break },
    { wrappers: [handlerLogging({ log: theirs.log, level: 'debug' })] },
  );
  const caller = world.client({
    name: 'house',
    wrappers: [clientLogging({ log: ours.log })],
    defaults: { retries: 0 },
  });
  const request = (method: string) => ({
    service: 'greeter',
    endpoint: `Greeter.${method}`,
    body: { name: secret },
  });
  return { caller, request, ours: ours.lines, theirs: theirs.lines };
}

test('both sides say what was called, by whom, how it ended and how long it took', async () => {
  const { caller, request, ours, theirs } = await setup();
  await caller.call(request('Hello'), { metadata: { Token: secret } });
  await failure(caller.call(request('Refuse'), { metadata: { Token: secret } }));
  const about = (method: string) => ({ service: 'greeter', endpoint: `Greeter.${method}`, ms: expect.any(Number) });
  const error = { id: 'greeter', code: 400 };
  expect(ours).toEqual([
    { level: 'info', message: 'called', fields: about('Hello') },
    { level: 'warn', message: 'called with an error', fields: { ...about('Refuse'), ...error } },
  ]);
  expect(theirs).toEqual([
    { level: 'debug', message: 'answered', fields: { ...about('Hello'), from: 'house' } },
    { level: 'warn', message: 'answered with an error', fields: { ...about('Refuse'), ...error, from: 'house' } },
  ]);
  expect(JSON.stringify([ours, theirs])).not.toContain(secret);
});

test('a stream is one line, when it has ended', async () => {
  const { caller, request, ours, theirs } = await setup();
  const stream = await caller.stream(request('Count'));
  await stream.send({ name: secret });
  for await (const _ of stream) {
    expect([ours, theirs]).toEqual([[], []]);
    break;
  }
  await stream.close();
  expect(ours).toMatchObject([{ level: 'info', message: 'streamed', fields: { endpoint: 'Greeter.Count' } }]);
  const broken = await caller.stream(request('Break'));
  await failure(
    (async () => {
      for await (const _ of broken);
    })(),
  );
  const error = { level: 'warn', message: 'streamed with an error', fields: { code: 400 } };
  expect(ours.at(-1)).toMatchObject(error);
  expect(theirs.filter(({ fields }) => fields['endpoint'] === 'Greeter.Break')).toMatchObject([error]);
  await failure(caller.stream({ ...request('Count'), service: 'nobody' }));
  expect(ours.at(-1)).toMatchObject({ message: 'streamed with an error', fields: { service: 'nobody', code: 500 } });
});

test('an event is one line where it is published, and one where it is dealt with', async () => {
  const broker = memoryBroker();
  onTestFinished(() => broker.disconnect());
  const world = newWorld(memoryTransport);
  const { log, lines } = logLines();
  const { registry, transport } = world;
  const server = newServer({ registry, transport, broker, subscriberWrappers: [subscriberLogging({ log })] });
  server.subscribe(
    subscriber('deployed', ({ name }: { readonly name: string }) => {
      if (name === 'broken') throw new Error(`no ${secret}`);
    }),
  );
  onTestFinished(() => server.stop({ graceMs: 0 }));
  await server.start();
  const ours = logLines();
  const client = world.client({ broker, wrappers: [clientLogging({ log: ours.log })] });
  await client.publish({ topic: 'deployed', body: { name: secret } });
  await until(() => lines.length === 1);
  await client.publish({ topic: 'deployed', body: { name: 'broken' } });
  await until(() => lines.length === 2);
  await failure(client.publish({ topic: '' }));
  expect(lines).toMatchObject([
    { level: 'info', message: 'received', fields: { topic: 'deployed', ms: expect.any(Number) } },
    { level: 'warn', message: 'received with an error', fields: { topic: 'deployed', code: 500 } },
  ]);
  expect(ours.lines).toMatchObject([
    { level: 'info', message: 'published', fields: { topic: 'deployed' } },
    { level: 'info', message: 'published', fields: { topic: 'deployed' } },
    { level: 'warn', message: 'published with an error', fields: { topic: '', code: 400 } },
  ]);
  expect(JSON.stringify([lines, ours.lines])).not.toContain(secret);
});
