import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadBsonCodec } from '../../../src/runtime/codec/bson/bson.ts';
import type { Codec } from '../../../src/runtime/codec/codec.ts';
import { defaultCodecs } from '../../../src/runtime/codec/defaults.ts';
import { loadDescriptorSet } from '../../../src/runtime/codec/descriptor-set.ts';
import { loadMsgpackCodec } from '../../../src/runtime/codec/msgpack/msgpack.ts';
import { loadProto } from '../../../src/runtime/codec/proto-file.ts';
import { descriptorSet } from '../../fixtures/chat-proto.ts';
import { dialectsBytes, dialectsProto } from '../../fixtures/proto-dialects.ts';

const file = await loadProto(dialectsProto);
const schema = file.schema('Dialects');
const codecs: readonly Codec[] = [...defaultCodecs.values(), await loadBsonCodec(), await loadMsgpackCodec()];
const named = codecs.map((codec): [string, Codec] => [codec.contentType, codec]);

const message = schema.protobuf?.decode(Buffer.from(dialectsBytes, 'hex')) ?? {};
const plain = { name: 'bob', list: [1, 'a', null, { deep: [true, 0.5] }], data: 'AQ==' };
const head = { id: '7', endpoint: 'Greeter.Hello' };

/** Everything a peer can make a codec do with a body. What it throws must be an `Error`. */
function readAll(codec: Codec, body: Buffer): void {
  const { envelope } = codec;
  for (const known of [undefined, schema]) {
    attempt(() => codec.decode(body, known));
    if (envelope === undefined) continue;
    attempt(() => envelope.readAnswer(body, known));
    attempt(() => envelope.readRequest(body).decode(known));
  }
}

function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Error) || error.message === '')
      throw new Error('not an Error with a reason', { cause: error });
  }
}

function bodiesOf(codec: Codec): readonly Buffer[] {
  const { envelope } = codec;
  const pairs = [
    [plain, undefined],
    [message, schema],
    [Buffer.from('bytes'), undefined],
  ] as const;
  return pairs.flatMap(([value, known]) => {
    const bodies: (string | Uint8Array)[] = [];
    attempt(() => bodies.push(codec.encode(value, known)));
    if (envelope !== undefined) {
      attempt(() => bodies.push(envelope.writeRequest(head, value, known)));
      attempt(() => bodies.push(envelope.writeAnswer(head, value, known), envelope.writeError(head, 'no')));
    }
    return bodies.map((body) => Buffer.from(body as Uint8Array));
  });
}

/** One change to a body that was right. */
const mutation = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('set', 'insert', 'cut', 'drop', 'double'),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
});

function mutate(
  body: Buffer,
  { at, kind, bytes }: { readonly at: number; readonly kind: string; readonly bytes: Uint8Array },
): Buffer {
  const start = body.length === 0 ? 0 : at % body.length;
  const [before, after] = [body.subarray(0, start), body.subarray(start)];
  if (kind === 'cut') return before;
  if (kind === 'double') return Buffer.concat([body, after]);
  return Buffer.concat([
    before,
    ...(kind === 'drop' ? [] : [bytes]),
    after.subarray(kind === 'insert' ? 0 : bytes.length),
  ]);
}

describe.each(named)('%s', (_contentType, codec) => {
  test('reads any bytes, or throws an Error with a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readAll(codec, Buffer.from(bytes))),
      { numRuns: 500 },
    );
  });

  test('reads what was right and was changed on the way, or throws an Error with a reason', () => {
    const bodies = bodiesOf(codec);
    expect(bodies.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 3 }), (which, mutations) => {
        const body = bodies[which % bodies.length] ?? Buffer.alloc(0);
        readAll(codec, mutations.reduce(mutate, body));
      }),
      { numRuns: 500 },
    );
  });

  test('makes no room for what is only announced', () => {
    const huge = [0xff, 0x7f, 0x80, 0xdd, 0xdf, 0xdb, 0xc6, 0xc9].flatMap((first) =>
      [0xff, 0x7f, 0x0f, 0x01].map((size) =>
        Buffer.from([first, size, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00, 0x00]),
      ),
    );
    const bodies = bodiesOf(codec);
    const before = process.memoryUsage();
    for (const end of huge)
      for (const body of [Buffer.alloc(0), ...bodies]) readAll(codec, Buffer.concat([body, end, end]));
    for (const body of bodies)
      for (let at = 0; at < Math.min(100, body.length - 4); at += 1) readAll(codec, withLengthAt(body, at));
    const after = process.memoryUsage();
    const grown = after.arrayBuffers + after.heapTotal - before.arrayBuffers - before.heapTotal;
    expect(grown).toBeLessThan(200_000_000);
  });
});

/** The body with a length of 1,879,048,191 bytes, or as many elements, wherever one may stand. */
function withLengthAt(body: Buffer, at: number): Buffer {
  const changed = Buffer.from(body);
  changed.set([0x6f, 0xff, 0xff, 0xff], at);
  return changed;
}

test.each(named)('%s reads its own deepest text without running out of stack', (_contentType, codec) => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
    ['{"part":', '}'],
    ['{"settings":', '}'],
  ] as const) {
    readAll(codec, Buffer.from(`${open.repeat(200_000)}1${close.repeat(200_000)}`));
  }
  readAll(codec, Buffer.alloc(1_000_000, 0x91));
  readAll(codec, Buffer.alloc(1_000_000, 0x0b));
});

test('descriptors that were changed on the way are read, or an Error with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const error: unknown = await loadDescriptorSet(mutations.reduce(mutate, descriptorSet)).then(
        () => new Error('none'),
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(Error);
    }),
    { numRuns: 300 },
  );
});

test('.proto texts that were changed on the way are read, or an Error with a reason', async () => {
  const text = Buffer.from(dialectsProto);
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const error: unknown = await loadProto(mutations.reduce(mutate, text).toString()).then(
        () => new Error('none'),
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(Error);
    }),
    { numRuns: 200 },
  );
});
