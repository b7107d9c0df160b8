import { expect, test } from 'vitest';
import { unary } from '../../src/runtime/server/server.ts';
import { newWorld } from '../runtime/world.ts';
import { until } from '../support/until.ts';
import { count, dial, request } from './wire.ts';

/** A handler that answers when it is told to. */
function gated() {
  const waiting: (() => void)[] = [];
  const method = unary(() => new Promise((resolve) => waiting.push(() => resolve({}))));
  return { waiting, method };
}

test('who shares a connection may have asked before it heard that the server leaves: that is refused, not lost', async () => {
  const world = newWorld();
  const { waiting, method } = gated();
  const server = await world.serve({ Slow: method });
  const peer = await dial(server.address);
  const ask = (id: string): void => peer.write(request('Greeter.Slow', '{}', [`Micro-Id: ${id}`]));
  ask('1');
  ask('2');
  await until(() => waiting.length === 2);
  const stopped = server.stop({ graceMs: 60_000 });
  await until(async () => (await world.registry.getService('greeter')).length === 0);
  for (const answer of waiting) answer();
  // Its last answers are on their way, and so is what was asked meanwhile.
  await until(() => count(peer.heard(), '200 OK') === 2);
  ask('3');
  await until(() => count(peer.heard(), '200 OK') === 3);
  expect(peer.heard()).toMatch(/\r\nMicro-Error: [^\r\n]*the server is stopping[^\r\n]*\r\n[^]*\r\nMicro-Id: 3\r\n/);
  expect(peer.heard()).toMatch(/^HTTP\/1\.1 200 OK\r\nConnection: close\r\n/);
  expect(peer.socket.readableEnded).toBe(false);
  peer.socket.end();
  await stopped;
  await peer.ended();
});

test('who was told and does not go costs a stop no more than a moment', async () => {
  const world = newWorld();
  const { waiting, method } = gated();
  const server = await world.serve({ Slow: method });
  const peer = await dial(server.address);
  peer.write(request('Greeter.Slow', '{}', ['Micro-Id: 1']) + request('Greeter.Slow', '{}', ['Micro-Id: 2']));
  await until(() => waiting.length === 2);
  const stopped = server.stop({ graceMs: 60_000 });
  for (const answer of waiting) answer();
  await stopped;
  expect(count(await peer.ended(), '200 OK')).toBe(2);
});
