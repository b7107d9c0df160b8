import { expect, test } from 'vitest';
import { streaming, unary } from '../../src/runtime/server/server.ts';
import { hello, newWorld } from '../runtime/world.ts';
import { until } from '../support/until.ts';
import { count, dial, request } from './wire.ts';

/** As the callers count time who are served meanwhile. */
const calls = 300;
const large = 'x'.repeat(64 * 1024);

test('a caller that asks and never reads is no longer served at some point, and is when it reads', async () => {
  const world = newWorld();
  let served = 0;
  const Large = unary(() => {
    served += 1;
    return { large };
  });
  const { address } = await world.serve({ Large, Hello: hello });
  const wanted = 2000;
  const stuck = await dial(address);
  stuck.socket.pause();
  stuck.write(request('Greeter.Large', '{}').repeat(wanted));
  await until(() => served > 0);
  const client = world.client();
  for (let at = 0; at < calls; at += 1) await client.call({ service: 'greeter', endpoint: 'Greeter.Hello' });
  // What both ends of a loopback connection hold is a few MB.
  expect(served).toBeLessThan(wanted / 2);
  let heard = 0;
  stuck.socket.on('data', (text: string) => {
    heard += count(text, '200 OK');
  });
  stuck.socket.resume();
  await until(() => served === wanted);
  expect(heard).toBeLessThanOrEqual(wanted);
});

test('a stream whose reader stopped reading does not run on', async () => {
  const world = newWorld();
  let sent = 0;
  const Endless = streaming(async function* () {
    for (;;) {
      sent += 1;
      yield { large };
    }
  });
  const { address } = await world.serve({ Endless, Hello: hello });
  const stuck = await dial(address);
  stuck.socket.pause();
  stuck.write(request('Greeter.Endless', '{}', ['Micro-Stream: 1', 'Micro-Id: 1']));
  await until(() => sent > 0);
  const client = world.client();
  for (let at = 0; at < calls; at += 1) await client.call({ service: 'greeter', endpoint: 'Greeter.Hello' });
  expect(sent).toBeLessThan(1000);
});

test('callers that do not read cannot hold up a stop', async () => {
  const world = newWorld();
  let served = 0;
  const Large = unary(() => {
    served += 1;
    return { large };
  });
  const server = await world.serve({ Large });
  const stuck = await Promise.all(Array.from({ length: 10 }, () => dial(server.address)));
  for (const { socket, write } of stuck) {
    socket.pause();
    write(request('Greeter.Large', '{}').repeat(200));
  }
  await until(() => served >= 10);
  await server.stop({ graceMs: 0 });
});
