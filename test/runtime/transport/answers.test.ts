import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { answers } from '../../../src/runtime/transport/answers.ts';

test('who takes connections answers, and who has stopped does not', async () => {
  // Nobody else listens here: a port that was given back belongs to others at once.
  const host = '127.44.0.1';
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = `${host}:${(server.address() as AddressInfo).port}`;
  expect(await answers(address, 5000)).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await answers(address, 5000)).toBe(false);
});

test.each([
  '_INBOX.4711',
  '127.0.0.1',
  '127.0.0.1:0',
  '',
])('%j is no address where somebody could answer', async (address) => {
  expect(await answers(address, 5000)).toBe(false);
});
