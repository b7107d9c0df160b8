import * as fc from 'fast-check';
import { onTestFinished, test } from 'vitest';
import { httpTransport } from '../../../../src/runtime/transport/http/http.ts';
import type { Headers } from '../../../../src/runtime/transport/transport.ts';
import type { Collector } from '../collector.ts';
import { collector } from '../collector.ts';
import { until } from '../../../support/until.ts';

// Heads that begin like the one before are not put together anew; few names and values make it likely that they do.
const name = fc.constantFrom('Accept', 'Micro-Id', 'Foo', 'Bar', 'Zoo');
const value = fc.constantFrom('', '1', '2', 'plain', 'ünusual', '→', 'x'.repeat(300));
const headers = fc
  .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 5 })
  .map((pairs): Headers => Object.fromEntries(pairs));

test('whatever heads follow one another, each arrives as it was sent, either way', async () => {
  const transport = httpTransport();
  const heard: Collector[] = [];
  const listener = await transport.listen('127.0.0.1:0', (socket) => {
    const seen = collector((message) => socket.send(message.headers, message.body));
    heard.push(seen);
    return seen;
  });
  onTestFinished(() => listener.close());
  const property = fc.asyncProperty(fc.array(headers, { minLength: 1, maxLength: 12 }), async (sent) => {
    const back = collector();
    const socket = await transport.dial(listener.address, back);
    const there = await until(() => heard.pop());
    for (const each of sent) socket.send({ ...each, 'User-Agent': 'test' }, 'body');
    await back.received(sent.length);
    socket.destroy();
    const expected = JSON.stringify(sent.map((each) => sorted({ ...each, 'User-Agent': 'test' })));
    return [there, back].every(
      ({ messages }) => JSON.stringify(messages.map((message) => sorted(message.headers))) === expected,
    );
  });
  await fc.assert(property, { numRuns: 150 });
});

const sorted = (of: Headers): readonly (readonly [string, string])[] =>
  Object.entries(of).toSorted(([one], [other]) => (one < other ? -1 : 1));
