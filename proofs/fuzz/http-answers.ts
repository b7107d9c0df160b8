import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { composedAnswer } from './compose.ts';
import { frames } from './frames.ts';
import { seeded } from './random.ts';
import { readSamples } from './samples.ts';

/** Answers whatever it is asked with what no server would say. */
export interface Liar {
  readonly address: string;
  close(): void;
}

/** A server whose answers are mutated; after nearly all of them it closes, so that nobody waits for the rest. */
export async function startLiar(count: number, seed: number): Promise<Liar> {
  const random = seeded(seed + 1);
  // A call may need more than one: a stream is answered several times.
  const lies = frames(4 * count, readSamples().answers, composedAnswer, seed)[Symbol.iterator]();
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      const lie = lies.next();
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
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}
