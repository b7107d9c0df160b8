import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { failure } from '../world.ts';
import type { Heard } from './shared-peer.ts';
import { answerText, echo, introduced, sharedPeer } from './shared-peer.ts';

/** The requests that wait, after the introduction. */
const held = (): { readonly waiting: Heard[]; readonly hold: (request: Heard) => void } => {
  const waiting: Heard[] = [];
  let introducing = true;
  return {
    waiting,
    hold(request) {
      if (introducing) echo(request);
      else waiting.push(request);
      introducing = false;
    },
  };
};

const socketsOf = (requests: readonly Heard[]): Set<Socket> => new Set(requests.map(({ socket }) => socket));

test('calls at the same time share a connection, and each gets its own answer in whatever order they come', async () => {
  const { waiting, hold } = held();
  const { node } = await sharedPeer(hold);
  const call = await introduced(node);
  const calls = Array.from({ length: 100 }, (_, number) => call(number));
  await until(() => waiting.length === 100);
  expect(socketsOf(waiting).size).toBe(1);
  expect(new Set(waiting.map(({ id }) => id)).size).toBe(100);
  for (const request of waiting.toReversed()) echo(request);
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 100 }, (_, number) => number));
});

test('a node that does not say so is asked one call at a time on a connection, as any Go node', async () => {
  const under = new Map<Socket, number>();
  let most = 0;
  const { node, sockets } = await sharedPeer((request) => {
    const count = (under.get(request.socket) ?? 0) + 1;
    under.set(request.socket, count);
    most = Math.max(most, count);
    setImmediate(() => {
      under.set(request.socket, (under.get(request.socket) ?? 0) - 1);
      // As go-micro 6 answers: with the id of the first request, or none.
      request.socket.write(answerText([], request.body));
    });
  }, false);
  const call = await introduced(node);
  for (let round = 0; round < 5; round += 1) {
    const calls = Array.from({ length: 40 }, (_, number) => call(number));
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 40 }, (_, number) => number));
  }
  expect(most).toBe(1);
  expect(sockets.length).toBe(40);
});

test('a call that is called off tells the other side, one that is late does not; the others go on', async () => {
  const { waiting, hold } = held();
  const { node } = await sharedPeer(hold);
  const call = await introduced(node);
  const stop = new AbortController();
  const canceled = call('canceled', { signal: stop.signal });
  const late = call('late', { timeoutMs: 30 });
  const third = call('third');
  await until(() => waiting.length === 3);
  expect(await failure(late)).toMatchObject({ code: 408, detail: 'call timeout: context deadline exceeded' });
  stop.abort();
  expect(await failure(canceled)).toMatchObject({ code: 408, detail: 'call timeout: context canceled' });
  await until(() => waiting.length === 4);
  const [first, second, last, told] = waiting;
  expect(told).toMatchObject({
    id: first?.id,
    headers: { 'Micro-Error': 'EOS', 'Micro-Stream': first?.id },
    endpoint: '',
    body: '',
  });
  // Their answers come all the same, and reach nobody.
  if (first !== undefined) echo(first);
  if (second !== undefined) echo(second);
  if (last !== undefined) echo(last);
  expect(await third).toBe('third');
  expect(socketsOf(waiting).size).toBe(1);
});

test('a connection takes so many calls, then another one is opened', async () => {
  const { waiting, hold } = held();
  const { node } = await sharedPeer(hold);
  const call = await introduced(node);
  const calls = Array.from({ length: 1100 }, (_, number) => call(number));
  await until(() => waiting.length === 1100);
  const counts = [...socketsOf(waiting)].map((socket) => waiting.filter((request) => request.socket === socket).length);
  expect(counts).toEqual([512, 512, 76]);
  for (const request of waiting) echo(request);
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 1100 }, (_, number) => number));
});

test('after a peer has said that it will close, nothing more is asked, and what was asked may end', async () => {
  const { waiting, hold } = held();
  const { node, sockets } = await sharedPeer(hold);
  const call = await introduced(node);
  const first = call(1);
  const second = call(2);
  await until(() => waiting.length === 2);
  const [one, two] = waiting;
  if (one === undefined || two === undefined) throw new Error('impossible');
  one.socket.write(answerText([`Micro-Id: ${one.id}`, 'Connection: close'], '1'));
  expect(await first).toBe(1);
  const third = call(3);
  await until(() => waiting.length === 3);
  expect(waiting[2]?.socket).not.toBe(one.socket);
  echo(two);
  expect(await second).toBe(2);
  await until(() => one.socket.readableEnded);
  if (waiting[2] !== undefined) echo(waiting[2]);
  expect(await third).toBe(3);
  expect(sockets.length).toBe(3);
});

test('a connection past its time takes no more calls, and closes when the last one is answered', async () => {
  const { waiting, hold } = held();
  const { node } = await sharedPeer(hold);
  const call = await introduced(node, { poolTtlMs: 30 });
  const first = call(1);
  const [one] = await until(() => waiting.length === 1 && waiting);
  // The first connection is past its time as soon as a call takes another one.
  const others: Promise<unknown>[] = [];
  await until(() => {
    others.push(call(2));
    return socketsOf(waiting).size > 1;
  });
  expect(one?.socket.readableEnded).toBe(false);
  await until(() => waiting.length === 1 + others.length);
  for (const request of waiting.filter(({ socket }) => socket === one?.socket)) echo(request);
  expect(await first).toBe(1);
  await until(() => one?.socket.readableEnded);
  for (const request of waiting.filter(({ socket }) => socket !== one?.socket)) echo(request);
  await Promise.all(others);
});

test('a connection that answers nothing is not asked again once a call on it is late', async () => {
  const { waiting, hold } = held();
  const { node } = await sharedPeer(hold);
  const call = await introduced(node);
  const patient = call('patient');
  await failure(call('late', { timeoutMs: 20 }));
  const next = call('next');
  await until(() => waiting.length === 3);
  const [first, , third] = waiting;
  expect(third?.socket).not.toBe(first?.socket);
  if (third !== undefined) echo(third);
  expect(await next).toBe('next');
  if (first !== undefined) echo(first);
  expect(await patient).toBe('patient');
  await until(() => first?.socket.readableEnded);
});

test('raw bodies and errors pass as on any connection', async () => {
  const { node } = await sharedPeer((request) => {
    if (request.endpoint === 'Any.Error') {
      const error = '{"id":"peer","code":404,"detail":"né","status":"Not Found"}';
      request.socket.write(answerText([`Micro-Id: ${request.id}`, `Micro-Error: ${error}`], ''));
    } else echo(request);
  });
  const call = await introduced(node);
  const asked = [1, 2, 3].map((number) => failure(call(number, {}, 'Any.Error')));
  const errors = await Promise.all(asked);
  expect(errors).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ code: 404, detail: 'né' })));
});
