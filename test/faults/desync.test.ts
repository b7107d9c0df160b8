import { expect, test } from 'vitest';
import { failure, newWorld } from '../runtime/world.ts';
import { until } from '../support/until.ts';
import { answerOf, hostile } from './wire.ts';

const call = { service: 'x', endpoint: 'Greeter.Hello', body: {} };
const poison = answerOf('{"msg":"poison"}');
const good = answerOf('{"msg":"good"}');

/** Answers behind which a second one hides. Whoever reads it as the answer of the next call has been deceived. */
const hidden: Readonly<Record<string, string>> = {
  'a length and chunks': `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${poison}`,
  'two lengths': `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 0\r\n\r\n{}${poison}`,
  'a length with a sign': `HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}${poison}`,
  'chunks in disguise': `HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${poison}`,
  'a chunk that goes on': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n${poison}`,
  'a bare line feed': `HTTP/1.1 200 OK\nContent-Length: 2\n\n{}${poison}`,
  'another protocol': `HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n${poison}`,
};

test.each(Object.entries(hidden))('an answer is refused that can be read in two ways: %s', async (_name, answer) => {
  const peer = await hostile((socket) => void socket.write(peer.connections.length === 1 ? answer : good));
  const client = newWorld().client();
  const options = { address: peer.address, retries: 0 };
  expect(await failure(client.call(call, options))).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
  expect(await client.call(call, options)).toEqual({ msg: 'good' });
  expect(peer.connections).toHaveLength(2);
});

test.each([
  ['in the same segment', (): string => good + poison],
  ['as a remark before it', (): string => `HTTP/1.1 103 Early Hints\r\nContent-Length: 2\r\n\r\n${good}${poison}`],
  ['behind one without a body', (): string => `HTTP/1.1 204 No Content\r\n\r\n${poison}`],
])('a second answer reaches nobody: %s', async (_name, answer) => {
  const peer = await hostile((socket) => void socket.write(peer.connections.length === 1 ? answer() : good));
  const client = newWorld().client();
  const options = { address: peer.address, retries: 0 };
  await client.call(call, options).catch(() => {});
  for (let again = 0; again < 5; again += 1) expect(await client.call(call, options)).toEqual({ msg: 'good' });
  expect(peer.connections).toHaveLength(2);
});

test('an answer that comes between two calls reaches nobody', async () => {
  const peer = await hostile((socket) => void socket.write(good));
  const client = newWorld().client();
  const options = { address: peer.address, retries: 0 };
  expect(await client.call(call, options)).toEqual({ msg: 'good' });
  const [first] = peer.connections;
  first?.write(poison);
  await until(() => first?.destroyed || first?.readableEnded);
  expect(await client.call(call, options)).toEqual({ msg: 'good' });
  expect(peer.connections).toHaveLength(2);
});
