import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { newClient } from '../../src/runtime/client/micro.ts';
import type { Wire } from './wires.ts';

/** What the two sides of some conversations write, to be mutated. */
export interface Recorded {
  readonly requests: readonly Buffer[];
  readonly answers: readonly Buffer[];
}

/** Makes a few calls and a stream at a server of ours, and keeps the bytes of each. */
export async function record(target: string, wire: Wire): Promise<Recorded> {
  const found = await Promise.all(
    ['Say.Hello', 'Say.Later', 'Say.Fail', 'Count.Up'].map((endpoint) => conversation(target, wire, endpoint)),
  );
  return { requests: found.map(({ request }) => request), answers: found.map(({ answer }) => answer) };
}

async function conversation(
  target: string,
  { transport, metadata }: Wire,
  endpoint: string,
): Promise<{ readonly request: Buffer; readonly answer: Buffer }> {
  const request: Buffer[] = [];
  const answer: Buffer[] = [];
  const [host = '', port = ''] = target.split(':');
  const tap = createServer((caller) => {
    const server = connect(Number(port), host);
    caller.on('data', (bytes: Buffer) => request.push(bytes));
    server.on('data', (bytes: Buffer) => answer.push(bytes));
    for (const socket of [caller, server]) socket.on('error', () => {});
    caller.pipe(server).pipe(caller);
  });
  tap.listen(0, '127.0.0.1');
  await once(tap, 'listening');
  const address = `127.0.0.1:${(tap.address() as AddressInfo).port}`;
  const client = newClient({ transport: transport() });
  const options = { nodes: [{ id: address, address, metadata }], retries: 0 };
  const ask = { service: 'victim', endpoint, body: { name: 'John', to: 3 } };
  if (endpoint === 'Count.Up') {
    const stream = await client.stream(ask, options);
    await stream.closeSend();
    for await (const _ of stream);
  } else {
    await client.call(ask, options).catch(() => {});
  }
  await client.close();
  tap.close();
  return { request: Buffer.concat(request), answer: Buffer.concat(answer) };
}
