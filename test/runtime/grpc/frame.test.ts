import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, writeFrame } from '../../../src/runtime/grpc/frame.ts';

function all(reader: FrameReader): string[] {
  const bodies: string[] = [];
  for (let body = reader.next(); body !== undefined; body = reader.next()) bodies.push(body.toString('latin1'));
  return bodies;
}

const fails = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('frames', () => {
  it('writes the bytes of the vectors', () => {
    expect(writeFrame('{"name":"bob"}').toString('hex')).toBe('000000000e7b226e616d65223a22626f62227d');
    expect(writeFrame(Buffer.from('0a03626f62', 'hex')).toString('hex')).toBe('00000000050a03626f62');
    expect(writeFrame('é').toString('hex')).toBe('0000000002c3a9');
    expect(writeFrame('').toString('hex')).toBe('0000000000');
  });

  it('reads messages however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), fc.infiniteStream(fc.nat(40)), (bodies, cuts) => {
        const bytes = Buffer.concat(bodies.map((body) => writeFrame(body)));
        const reader = new FrameReader();
        const seen: string[] = [];
        for (let at = 0; at < bytes.length; ) {
          const length = (cuts.next().value as number) + 1;
          // A copy, so that reading beyond the chunk would be seen.
          reader.push(Buffer.from(bytes.subarray(at, at + length)));
          at += length;
          seen.push(...all(reader));
        }
        expect(seen).toEqual(bodies.map((body) => Buffer.from(body).toString('latin1')));
        expect(reader.pending).toBe(0);
      }),
    );
  });

  it('does not write over messages it has handed out', () => {
    const reader = new FrameReader();
    const bytes = Buffer.concat([writeFrame('first'), writeFrame('second'), writeFrame('third')]);
    reader.push(bytes.subarray(0, 14));
    const first = reader.next();
    for (const byte of bytes.subarray(14)) reader.push(Buffer.of(byte));
    expect(all(reader)).toEqual(['second', 'third']);
    expect(first?.toString()).toBe('first');
  });

  it('gathers a message that comes byte by byte', () => {
    const reader = new FrameReader();
    for (const byte of writeFrame(Buffer.alloc(200_000, 7))) reader.push(Buffer.of(byte));
    expect(reader.next()?.equals(Buffer.alloc(200_000, 7))).toBe(true);
  });

  it('refuses a message over the limit as soon as its length is known', () => {
    const reader = new FrameReader(10);
    reader.push(writeFrame('0123456789'));
    expect(reader.next()?.toString()).toBe('0123456789');
    reader.push(writeFrame('0123456789!').subarray(0, 5));
    expect(fails(() => reader.next())).toMatchObject({ code: 'too_large' });
  });

  it.each([1, 2, 255])('refuses the flag %i', (flag) => {
    const reader = new FrameReader();
    reader.push(Buffer.of(flag, 0, 0, 0, 0));
    expect(fails(() => reader.next())).toMatchObject({ code: 'invalid' });
  });
});
