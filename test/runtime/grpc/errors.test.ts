import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MicroError } from '../../../src/runtime/errors.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { failure } from '../world.ts';
import { bareServer, reply } from './bare.ts';
import { greeter, open, serve } from './house.ts';

it('carries every error, whatever its words', async () => {
  const fails = unary(
    ({ id, code, detail }: { readonly id: string; readonly code: number; readonly detail: string }) => {
      throw new MicroError(id, code, detail);
    },
  );
  const { address } = await serve({ Fail: fails });
  const client = open();
  const words = fc.string({ unit: 'binary', maxLength: 500 });
  const errors = fc.record({
    id: fc.string({ minLength: 1 }),
    code: fc.integer({ min: 201, max: 599 }),
    detail: words,
  });
  await fc.assert(
    fc.asyncProperty(errors, async (body) => {
      const error = await failure(client.call({ ...greeter('Fail'), body }, { address, retries: 0 }));
      expect(error).toMatchObject(body);
    }),
    { numRuns: 300 },
  );
}, 180_000);

it('cuts an error that is too long for trailers, and says so', async () => {
  const fails = unary(() => {
    throw new MicroError('greeter', 404, '語'.repeat(50_000));
  });
  const { address } = await serve({ Fail: fails });
  const error = await failure(open().call(greeter('Fail'), { address }));
  expect(error).toMatchObject({ id: 'greeter', code: 404, detail: `${'語'.repeat(2048)}…` });
});

it('makes an error of any trailers', async () => {
  let trailers = {};
  const { address } = await bareServer((stream) => reply(stream, undefined, trailers));
  const client = open();
  const text = fc.string({ unit: 'grapheme-ascii', maxLength: 200 }).map((value) => value.trim());
  const any = fc.record({
    'grpc-status': fc.oneof(text, fc.integer({ min: 1, max: 20 }).map(String)),
    'grpc-message': fc.oneof(text, fc.json().map(encodeURIComponent)),
    'grpc-status-details-bin': fc.oneof(
      text,
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
    ),
  });
  await fc.assert(
    fc.asyncProperty(any, async (sent) => {
      trailers = sent;
      const error = await failure(client.call(greeter('Hello'), { address, retries: 0 }));
      expect(error).toBeInstanceOf(MicroError);
    }),
    { numRuns: 300 },
  );
});
