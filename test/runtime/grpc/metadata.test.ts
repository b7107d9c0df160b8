import * as fc from 'fast-check';
import type { IncomingHttpHeaders } from 'node:http2';
import { expect, it } from 'vitest';
import { writeFrame } from '../../../src/runtime/grpc/frame.ts';
import { failure } from '../world.ts';
import { bareServer, reply } from './bare.ts';
import { greeter, open } from './house.ts';

const name = fc.oneof(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 8 }));
const isName = /^(?!.*-bin$)[!#$%&'*+.^_`|~0-9a-z-]*$/i;
const control = /[\0-\x08\x0a-\x1f\x7f]/;

const value = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }));

it('sends any metadata, or says at once that it cannot be sent', async () => {
  let head: IncomingHttpHeaders = {};
  const { address } = await bareServer((stream, request) => {
    ({ head } = request);
    reply(stream, writeFrame('{}'), { 'grpc-status': '0', 'grpc-message': '' });
  });
  const client = open();
  const words = ['voilà', ' Zoë\t', '\u00a0', ''].map((text): [string, string] => ['who', text]);
  await fc.assert(
    fc.asyncProperty(name, value, async (key, text) => {
      const call = client.call(greeter('Look'), { address, metadata: { [`x-${key}`]: text }, retries: 0 });
      if (!isName.test(key) || control.test(text)) {
        expect(await failure(call)).toMatchObject({ id: 'go.micro.client.transport', code: 400 });
        return;
      }
      expect(await call).toEqual({});
      const sent = Buffer.from(String(head[`x-${key.toLowerCase()}`]), 'latin1');
      expect(sent.toString()).toBe(
        Buffer.from(text)
          .toString()
          .replace(/^[ \t]+|[ \t]+$/g, ''),
      );
    }),
    { numRuns: 400, examples: words },
  );
});
