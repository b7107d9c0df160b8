import { greetingOf } from './bytes.ts';
import { cutFrames, type Frame, frameBytes } from './http2-frame.ts';
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';

const kind = { data: 0, headers: 1, priority: 2, rst: 3, settings: 4, push: 5, ping: 6, goaway: 7, window: 8, more: 9 };
const kinds = 12;
const endHeaders = 4;
const padded = 8;
const streams = [0, 1, 2, 3, 5, 7, 0x7f_ff_ff_ff, 0x80_00_00_01];

/**
 * Conversations that stay frames: some are left out, repeated, exchanged or put in, some say another kind, stream, flag or length, some
 * have another payload, an HPACK block among them. Changed bytes seldom come so far: most break the framing at once.
 */
export function* framedConversations(count: number, samples: readonly Buffer[], random: Random): Iterable<Buffer> {
  const talks = samples.map((sample) => {
    const at = greetingOf(sample);
    return { greeting: sample.subarray(0, at), frames: cutFrames(sample.subarray(at)) };
  });
  const others = talks.flatMap(({ frames }) => frames);
  for (let left = count; left > 0; left -= 1) {
    const { greeting, frames } = random.pick(talks);
    let changed = frames;
    for (let changes = 1 + random.below(5); changes > 0; changes -= 1) changed = change(changed, others, random);
    const bytes = Buffer.concat([greeting, ...changed.map(frameBytes)]);
    yield random.chance(0.1) ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes;
  }
}

function change(frames: readonly Frame[], others: readonly Frame[], random: Random): readonly Frame[] {
  const at = random.below(frames.length);
  const frame = frames[at];
  if (frame === undefined) return [invented(random)];
  const becomes = (...instead: readonly Frame[]): readonly Frame[] => frames.toSpliced(at, 1, ...instead);
  switch (random.below(12)) {
    case 0:
      return becomes();
    case 1:
      return becomes(...Array.from({ length: 2 + random.below(random.chance(0.02) ? 1500 : 5) }, () => frame));
    case 2: {
      const other = random.below(frames.length);
      return becomes(frames[other] ?? frame).with(other, frame);
    }
    case 3:
    case 4:
      return becomes({ ...frame, payload: mutate(frame.payload, payloads(others), random) });
    case 5:
      return becomes({ ...frame, flags: frame.flags ^ (1 << random.below(8)) });
    case 6:
      return becomes({ ...frame, stream: random.pick(streams) });
    case 7:
      return becomes({ ...frame, kind: random.below(kinds) });
    case 8:
      return becomes({ ...frame, claimedBytes: claim(frame.payload.length, random) });
    case 9:
      return becomes(invented(random), frame);
    case 10:
      return becomes(frame, random.pick(others));
    default:
      return becomes(
        ...(frame.kind === kind.headers && random.chance(0.7) ? split(frame, random) : [pad(frame, random)]),
      );
  }
}

const payloads = (frames: readonly Frame[]): readonly Buffer[] => frames.map(({ payload }) => payload);

const claim = (bytes: number, random: Random): number =>
  random.pick([0, Math.max(0, bytes - 1), bytes + 1, bytes + 9, 16_384, 16_385, 0xff_ff_ff]);

/** One head in several frames. */
function split(frame: Frame, random: Random): readonly Frame[] {
  const at = random.below(frame.payload.length + 1);
  const rest = { kind: kind.more, flags: frame.flags & endHeaders, stream: frame.stream };
  return [
    { ...frame, flags: frame.flags & ~endHeaders, payload: frame.payload.subarray(0, at) },
    ...(random.chance(0.2) ? [{ ...rest, flags: 0, payload: Buffer.alloc(0) }] : []),
    { ...rest, payload: frame.payload.subarray(at) },
  ];
}

/** Sometimes with more padding than there is. */
function pad(frame: Frame, random: Random): Frame {
  const length = random.pick([0, 1, 7, 255]);
  const there = random.chance(0.8) ? length : random.below(length + 1);
  const payload = Buffer.concat([Uint8Array.of(length), frame.payload, Buffer.alloc(there)]);
  return { ...frame, flags: frame.flags | padded, payload };
}

/** What a peer may send at any time, and what it may not. */
function invented(random: Random): Frame {
  const number = (): number => random.pick([0, 1, 3, 7, 100, 65_535, 0x7f_ff_ff_ff, 0xff_ff_ff_ff]);
  const numbers = (count: number): Buffer => {
    const bytes = Buffer.alloc(4 * count);
    for (let at = 0; at < count; at += 1) bytes.writeUInt32BE(number(), 4 * at);
    return bytes;
  };
  const setting = (): Buffer => Buffer.concat([Uint8Array.of(0, random.below(9)), numbers(1)]);
  const flags = random.pick([0, 0, 1, 4, 5]);
  const stream = random.pick([0, 0, 1, 1, random.pick(streams)]);
  switch (random.below(8)) {
    case 0:
      return { kind: kind.settings, flags: 0, stream: 0, payload: Buffer.concat([setting(), setting()]) };
    case 1:
      return { kind: kind.window, flags, stream, payload: numbers(1) };
    case 2:
      return { kind: kind.ping, flags, stream: 0, payload: numbers(2) };
    case 3:
      return { kind: kind.rst, flags, stream: random.pick([1, 3]), payload: numbers(1) };
    case 4:
      return { kind: kind.goaway, flags, stream: 0, payload: numbers(2) };
    case 5:
      return { kind: kind.priority, flags, stream, payload: Buffer.concat([numbers(1), Uint8Array.of(7)]) };
    case 6:
      return { kind: kind.data, flags, stream, payload: Buffer.alloc(random.pick([0, 1, 16_384]), 1) };
    default:
      return { kind: random.below(kinds), flags, stream, payload: numbers(random.below(4)) };
  }
}
