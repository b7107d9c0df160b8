import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MicroError } from '../../../src/runtime/errors.ts';
import { until } from '../../support/until.ts';
import { failure } from '../world.ts';
import type { Heard } from './shared-peer.ts';
import { answerText, echo, introduced, sharedPeer } from './shared-peer.ts';

const isIntroduction = ({ body }: Heard): boolean => body.includes('introduction');

test('an answer that comes twice, and answers nobody asked for, reach nobody', async () => {
  const { node, sockets } = await sharedPeer((request) => {
    const { socket, id } = request;
    if (isIntroduction(request)) {
      echo(request);
      return;
    }
    const strange = ['999999', '-1', '1e3', 'NaN', '', ' ', `0${id}`, `${id}.0`, 'x'.repeat(1000)];
    // An empty id is none at all, and another matter.
    for (const other of strange.filter((text) => text.trim() !== '')) {
      socket.write(answerText([`Micro-Id: ${other}`], '"not mine"'));
    }
    echo(request);
    socket.write(answerText([`Micro-Id: ${id}`], '"again"'));
  });
  const call = await introduced(node);
  for (let round = 0; round < 5; round += 1) {
    const calls = Array.from({ length: 20 }, (_, number) => call(number));
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 20 }, (_, number) => number));
  }
  expect(sockets.length).toBe(2);
});

test.each([
  ['without an id', ''],
  ['with an empty id', 'Micro-Id: \r\n'],
])('an answer %s is taken by nobody; from then on each call has a connection of its own', async (_what, line) => {
  const { node } = await sharedPeer(({ socket, body }) => {
    socket.write(`HTTP/1.1 200 OK\r\n${line}Content-Length: ${body.length}\r\n\r\n${body}`);
  });
  const call = await introduced(node);
  const errors = await Promise.all([failure(call(1)), failure(call(2)), failure(call(3))]);
  for (const error of errors) {
    expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 500, detail: /no Micro-Id/ });
  }
  const calls = [4, 5, 6].map((number) => call(number));
  expect(await Promise.all(calls)).toEqual([4, 5, 6]);
  // By default this is an error that is tried again.
  const { node: other } = await sharedPeer(({ socket, body }) => void socket.write(answerText([], body)));
  const ask = await introduced(other);
  expect(await Promise.all([ask(7, { retries: 1 }), ask(8, { retries: 1 })])).toEqual([7, 8]);
});

test('what the HTTP layer of a peer refuses ends all calls on the connection, with its words', async () => {
  const { node, sockets } = await sharedPeer((request) => {
    if (isIntroduction(request) || request.body === '3') echo(request);
    else if (request.body === '2') {
      request.socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnope');
    }
  });
  const call = await introduced(node);
  const errors = await Promise.all([failure(call(1)), failure(call(2))]);
  for (const error of errors) {
    expect(error).toMatchObject({ id: 'go.micro.client.transport', detail: '400 Bad Request: nope' });
  }
  expect(await call(3)).toBe(3);
  expect(sockets.length).toBe(3);
});

test('bytes that are no HTTP end all calls on the connection', async () => {
  const { node } = await sharedPeer((request) => {
    if (isIntroduction(request)) echo(request);
    else if (request.body === '2') request.socket.write('what?\r\n\r\n');
  });
  const call = await introduced(node);
  const errors = await Promise.all([failure(call(1)), failure(call(2))]);
  for (const error of errors) expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
});

test('a peer that takes connections and closes them at once fails its calls, and is not dialled for ever', async () => {
  const { node, sockets } = await sharedPeer((request) => {
    if (isIntroduction(request)) echo(request);
    else request.socket.destroy();
  });
  const call = await introduced(node);
  const errors = await Promise.all([1, 2, 3].map((number) => failure(call(number))));
  for (const error of errors) expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
  expect(sockets.length).toBeLessThanOrEqual(4);
});

test('a server that dies with thousands of calls on it: each ends once, with what came before or with an error', async () => {
  const heard: Heard[] = [];
  const { node, sockets } = await sharedPeer((request) => {
    if (isIntroduction(request)) echo(request);
    else heard.push(request);
  });
  const call = await introduced(node);
  const calls = Array.from({ length: 5000 }, (_, number) =>
    call(number, { timeoutMs: 60_000 }).then(
      (value) => ({ number, value }),
      (error: unknown) => ({ number, error }),
    ),
  );
  await until(() => heard.length === 5000);
  const answered = heard.filter((_, index) => index % 3 === 0);
  for (const request of answered) echo(request);
  // Whatever has left by now arrives; the rest is lost with the connection.
  await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => void socket.end(() => resolve()))));
  const ends = await Promise.all(calls);
  const values = ends.filter((end) => 'value' in end);
  expect(values.length).toBe(answered.length);
  for (const end of values) expect(end).toMatchObject({ value: end.number });
  for (const end of ends) {
    if ('error' in end) expect(end.error).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
  }
});

test('a peer that reads nothing does not collect connections of calls that were called off', async () => {
  const body = 'x'.repeat(15_000);
  // A connection that is new in a round is read from: what comes on it waits like the rest.
  const { node, sockets } = await sharedPeer((request) => {
    if (request.body.length < body.length) echo(request);
  });
  const call = await introduced(node);
  await call('a shared connection');
  for (let round = 0; round < 5; round += 1) {
    for (const socket of sockets) socket.pause();
    const before = sockets.length;
    const stop = new AbortController();
    // More than the kernel takes: some of them want another connection.
    const calls = Array.from({ length: 500 }, () => failure(call(body, { signal: stop.signal, timeoutMs: 60_000 })));
    await until(() => sockets.length > before);
    stop.abort();
    await Promise.all(calls);
  }
  for (const socket of sockets) socket.resume();
  await until(() => sockets.filter(({ readableEnded, destroyed }) => !readableEnded && !destroyed).length <= 2);
});

type End = 'answer' | 'error' | 'late' | 'cancel' | 'twice';
const ends = fc.constantFrom<End>('answer', 'answer', 'answer', 'error', 'late', 'cancel', 'twice');

test('10,000 calls at once, answered in any order, refused, late and called off: each ends with its own end', async () => {
  const property = fc.asyncProperty(
    fc.array(ends, { minLength: 10_000, maxLength: 10_000, size: 'max' }),
    fc.infiniteStream(fc.nat(1_000_000)),
    async (planned, numbers) => {
      const heard: Heard[] = [];
      const { node } = await sharedPeer((request) => {
        if (isIntroduction(request)) echo(request);
        else if (request.endpoint !== '') heard.push(request);
      });
      const call = await introduced(node);
      const stop = new AbortController();
      const wanted = planned.map((end, number) => {
        const limits = end === 'late' ? { timeoutMs: 1500 } : { timeoutMs: 120_000 };
        return call(number, end === 'cancel' ? { ...limits, signal: stop.signal } : limits).then(
          (value) => `${number} ${String(value)}`,
          (error: unknown) => `${number} ${error instanceof MicroError ? `${error.code} ${error.detail}` : 'other'}`,
        );
      });
      const count = (some: readonly End[]): number => planned.filter((end) => some.includes(end)).length;
      await until(
        () => heard.filter(({ body }) => planned[Number(body)] !== 'late').length === 10_000 - count(['late']),
        110_000,
      );
      stop.abort();
      const order = heard.map((request) => ({ request, key: numbers.next().value as number }));
      for (const { request } of order.toSorted((one, other) => one.key - other.key)) answer(planned, request);
      expect(await Promise.all(wanted)).toEqual(planned.map((end, number) => `${number} ${expected(end, number)}`));
    },
  );
  await fc.assert(property, { numRuns: 2, endOnFailure: true });
}, 300_000);

function answer(planned: readonly End[], request: Heard): void {
  const { socket, id, body } = request;
  const end = planned[Number(body)];
  if (end === 'late') return;
  if (end === 'error') {
    const error = `{"id":"peer","code":409,"detail":"refused ${body}"}`;
    socket.write(answerText([`Micro-Id: ${id}`, `Micro-Error: ${error}`], ''));
    return;
  }
  echo(request);
  if (end === 'twice') socket.write(answerText([`Micro-Id: ${id}`], '"again"'));
}

function expected(end: End, number: number): string {
  switch (end) {
    case 'answer':
    case 'twice':
      return String(number);
    case 'error':
      return `409 refused ${number}`;
    case 'late':
      return '408 call timeout: context deadline exceeded';
    case 'cancel':
      return '408 call timeout: context canceled';
    default:
      return end satisfies never;
  }
}
