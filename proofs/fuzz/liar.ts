import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { seeded } from './random.ts';

/** Answers whatever it is asked with what no server would say. */
export interface Liar {
  readonly address: string;
  /** Also ends what is still open. */
  close(): void;
}

export interface LiarOptions {
  /** What it answers with, one after the other. When there is no more, it only closes. */
  readonly lies: Iterable<Buffer>;
  readonly seed: number;
  /** What has to be said to the first words of a connection, before anybody listens to lies. */
  readonly greet?: (words: Buffer) => Buffer | undefined;
  /** How many hear a lie at once, without a greeting. Default a fifth. */
  readonly ungreeted?: number;
  /** Words that are shorter are only manners, and want no answer. Default 1. */
  readonly minRequestBytes?: number;
}

/** After nearly every lie it closes, so that nobody waits for the rest. */
export async function startLiar(options: LiarOptions): Promise<Liar> {
  const { lies, seed, greet, ungreeted = 0.2, minRequestBytes = 1 } = options;
  const random = seeded(seed + 1);
  const next = lies[Symbol.iterator]();
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    let isGreeted = greet === undefined || random.chance(ungreeted);
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (words: Buffer) => {
      if (!isGreeted) {
        isGreeted = true;
        const greeting = greet?.(words);
        if (greeting !== undefined) socket.write(greeting);
        return;
      }
      if (words.length < minRequestBytes) return;
      const lie = next.next();
      if (lie.done === true) {
        socket.destroy();
        return;
      }
      if (random.chance(0.002)) socket.write(lie.value);
      else if (random.chance(0.05)) socket.write(lie.value, () => socket.resetAndDestroy());
      else socket.end(lie.value);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
