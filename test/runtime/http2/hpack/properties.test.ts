import {
  array,
  assert,
  constantFrom,
  integer,
  nat,
  oneof,
  option,
  property,
  record,
  stringMatching,
  tuple,
  uint8Array,
} from 'fast-check';
import { expect, test } from 'vitest';
import { HpackDecoder, HpackError } from '../../../../src/runtime/http2/hpack/decoder.ts';
import { HpackEncoder } from '../../../../src/runtime/http2/hpack/encoder.ts';

const names = oneof(
  constantFrom(':path', ':status', 'content-type', 'authorization', 'te', 'grpc-status', 'x', 'user-agent'),
  stringMatching(/^[a-z0-9-]{1,200}$/),
);
const latin1 = integer({ min: 0, max: 255 }).filter((code) => code !== 0 && code !== 10 && code !== 13);
const values = oneof(
  constantFrom('', '200', 'trailers', 'application/grpc'),
  array(latin1, { maxLength: 300 }).map((codes) => String.fromCharCode(...codes)),
  constantFrom('x'.repeat(2000), 'y'.repeat(5000)),
);
const lists = array(tuple(names, values), { maxLength: 8 }).map((fields) => fields.flat());
const limit = oneof(nat({ max: 200 }), nat({ max: 8192 }));

const steps = array(
  oneof(
    { weight: 6, arbitrary: record({ list: nat({ max: 99 }), more: option(lists, { nil: undefined }) }) },
    { weight: 1, arbitrary: record({ limit }) },
  ),
  { maxLength: 60 },
);

const generous = { maxHeadBytes: 10_000_000, maxFields: 10_000 };

test('what is written is what is read, whatever the tables were told', () => {
  const pools = array(lists, { minLength: 1, maxLength: 20 });
  assert(
    property(pools, steps, (pool, all) => {
      const encoder = new HpackEncoder();
      const decoder = new HpackDecoder((fields) => fields, generous);
      for (const step of all) {
        if ('limit' in step) {
          encoder.limitTable(step.limit);
          continue;
        }
        const constant = pool[step.list % pool.length] ?? [];
        const target = Buffer.alloc(encoder.measure(constant, step.more));
        const block = target.subarray(0, encoder.write(target, 0, constant, step.more));
        expect(decoder.decode(block)).toEqual([...constant, ...(step.more ?? [])]);
      }
    }),
  );
});

const outcome = (decoder: HpackDecoder<string[]>, block: Buffer): string[] | 'refused' => {
  try {
    return decoder.decode(block);
  } catch (error) {
    if (error instanceof HpackError) return 'refused';
    throw error;
  }
};

test('a block that was changed is read or refused, and nothing else', () => {
  const change = record({ at: nat(), byte: nat({ max: 255 }), kind: constantFrom('set', 'insert', 'cut') });
  const changes = array(change, { minLength: 1, maxLength: 4 });
  assert(
    property(array(lists, { minLength: 1, maxLength: 5 }), changes, (pool, all) => {
      const encoder = new HpackEncoder();
      const limits = { maxHeadBytes: 4096, maxFields: 32 };
      const decoder = new HpackDecoder((fields) => fields, limits);
      for (const fields of [...pool, ...pool]) {
        const target = Buffer.alloc(encoder.measure(fields, undefined));
        let block = target.subarray(0, encoder.write(target, 0, fields, undefined));
        for (const { at, byte, kind } of all) {
          const place = at % (block.length + 1);
          const end = kind === 'insert' ? place : place + 1;
          const middle = kind === 'cut' ? [] : [byte];
          block = Buffer.concat([block.subarray(0, place), Buffer.from(middle), block.subarray(end)]);
        }
        const read = outcome(decoder, block);
        if (read === 'refused') return;
        expect(read.length / 2).toBeLessThanOrEqual(limits.maxFields);
        expect(read.join('').length).toBeLessThanOrEqual(limits.maxHeadBytes);
      }
    }),
  );
});

test('any bytes are read or refused', () => {
  assert(
    property(array(uint8Array({ maxLength: 200 }), { maxLength: 20 }), (blocks) => {
      const decoder = new HpackDecoder((fields) => fields, generous);
      for (const bytes of blocks) if (outcome(decoder, Buffer.from(bytes)) === 'refused') return;
    }),
  );
});

test('a block means the same whether it is looked up or read again', () => {
  const field = tuple(constantFrom(0x40, 0x10, 0x00), nat({ max: 3 }), nat({ max: 3 }));
  const part = oneof(
    integer({ min: 62, max: 66 }).map((index) => [0x80 | index]),
    field.map(([form, name, value]) => [form, 1, 0x61 + name, 1, 0x61 + value]),
  );
  const resize = constantFrom([], [], [], [0x20], [0x3f, 0x09], [0x3f, 0x45], [0x20, 0x3f, 0x45]);
  const block = tuple(resize, array(part, { minLength: 1, maxLength: 3 }));
  const pools = array(block, { minLength: 1, maxLength: 6 });
  // A field that makes a block too long to be looked up.
  const tail = Buffer.concat([Buffer.from([0x00, 1, 0x7a, 0x7f, 0x49]), Buffer.alloc(200, 'z')]);
  assert(
    property(pools, array(nat({ max: 99 }), { maxLength: 60 }), (pool, order) => {
      const one = new HpackDecoder((fields) => fields, generous);
      const other = new HpackDecoder((fields) => fields, generous);
      for (const number of order) {
        const [resizes, parts] = pool[number % pool.length] ?? [[], []];
        const bytes = Buffer.from([...resizes, ...parts.flat()]);
        const [read, again] = [outcome(one, bytes), outcome(other, Buffer.concat([bytes, tail]))];
        expect(read).toEqual(again === 'refused' ? again : again.slice(0, -2));
        if (read === 'refused') return;
      }
    }),
    { numRuns: 500 },
  );
});
