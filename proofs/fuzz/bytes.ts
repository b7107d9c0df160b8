import { mutate } from './mutate.ts';
import { type Random, seeded } from './random.ts';
import { strike } from './strike.ts';
import { each, type Tally } from './tally.ts';

/** Many: some are let go of only after a while. */
const atOnce = 256;

/** Mutated conversations, most of them behind their greeting, which is left as it is: else few come further than that. */
export function* conversations(
  count: number,
  samples: readonly Buffer[],
  greeting: (sample: Buffer) => number,
  random: Random,
): Iterable<Buffer> {
  for (let left = count; left > 0; left -= 1) {
    const sample = random.pick(samples);
    const kept = random.chance(0.2) ? 0 : greeting(sample);
    yield Buffer.concat([sample.subarray(0, kept), mutate(sample.subarray(kept), samples, random)]);
  }
}

/** Bytes at a server that knows best what it makes of them: it has to close once its caller has. */
export async function fuzzBytes(address: string, bytes: Iterable<Buffer>, seed: number, tally: Tally): Promise<void> {
  const random = seeded(seed + 1);
  await each(bytes, atOnce, async (sent) => {
    const { answer, end } = await strike(address, sent, random.pick([1, 1, 2, 3]), () => true);
    if (end === 'hung') tally.fault(`no end: ${sent.toString('hex')} at ${address}`);
    else tally.add(answer.length > 0 ? 'answered in the words of the protocol' : 'closed when their sender left');
  });
}

/** Where the greeting ends: the preface of HTTP/2, or the head that asks for another protocol. */
export function greetingOf(sample: Buffer): number {
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
  if (sample.subarray(0, preface.length).equals(Buffer.from(preface))) return preface.length;
  const end = sample.indexOf('\r\n\r\n');
  return end === -1 ? 0 : end + 4;
}
