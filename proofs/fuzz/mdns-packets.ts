import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as fc from 'fast-check';
import { frames } from './frames.ts';
import { readSamples } from './samples.ts';

const group = '224.0.0.251';
const noise = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));

/** The kernel drops what nobody has read yet, so after so many the reader is waited for. */
const together = 50;

/** Packets to everybody on loopback. Nothing has to answer them. */
export async function fuzzPackets(
  count: number,
  domain: string,
  seed: number,
  isRead: () => Promise<unknown>,
): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  const samples = readSamples().mdns.map((bytes) => moved(bytes, domain));
  let sent = 0;
  for (const bytes of frames(count, samples, noise, seed)) {
    socket.send(bytes, 5353, group);
    sent += 1;
    if (sent % together === 0) await isRead();
  }
  socket.close();
  await once(socket, 'close');
}

/** The packet, in another domain of the same length. */
function moved(bytes: Buffer, domain: string): Buffer {
  const copy = Buffer.from(bytes);
  const label = Buffer.from('\u0005micro');
  for (let at = copy.indexOf(label); at >= 0; at = copy.indexOf(label, at + 1)) copy.write(domain, at + 1);
  return copy;
}
