import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { closed } from './closed.ts';

/** Stands between a client and a server and keeps what either said, byte by byte. */
export interface Tap {
  readonly address: string;
  /** What went through since the last time it was asked. Resolves when every connection has ended. */
  take(): Promise<Exchange>;
}

export interface Exchange {
  readonly request: Buffer;
  readonly response: Buffer;
}

/** Listens on the loopback interface until the test ends and hands everything on to `target`. */
export async function tap(target: string): Promise<Tap> {
  const [host = '', port = ''] = target.split(':');
  let said: { readonly request: Buffer[]; readonly response: Buffer[] } = { request: [], response: [] };
  const ends = new Set<Promise<unknown>>();
  const pass = (from: Socket, to: Socket, kept: Buffer[]): void => {
    from.on('data', (bytes: Buffer) => {
      kept.push(bytes);
      to.write(bytes);
    });
    from.on('error', () => to.destroy());
    from.on('end', () => to.end());
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    pass(client, upstream, said.request);
    pass(upstream, client, said.response);
    ends.add(closed(upstream));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async take() {
      await Promise.all(ends);
      const { request, response } = said;
      said = { request: [], response: [] };
      ends.clear();
      return { request: Buffer.concat(request), response: Buffer.concat(response) };
    },
  };
}
