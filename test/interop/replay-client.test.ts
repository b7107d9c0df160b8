import { describe, expect, it } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { MicroError } from '../../src/runtime/errors.ts';
import { type Part, parts, requests, responses, utf8 } from './capture-parts.ts';
import { type Capture, captures } from './captures.ts';
import { ourClient } from './house.ts';
import { common, goServer } from './replay.ts';

function only(all: readonly Part[]): Part {
  const [part, ...more] = all;
  if (part === undefined || more.length > 0) throw new Error(`expected one message, not ${all.length}`);
  return part;
}

/** Asks what a Go client asked. */
async function ask(capture: Capture): Promise<{ readonly answer: unknown; readonly request: Part }> {
  const { address, heard } = await goServer(capture);
  const { headers, body } = only(requests(capture));
  const asked = {
    service: headers['Micro-Service'] ?? '',
    endpoint: headers['Micro-Endpoint'] ?? '',
    contentType: headers['Content-Type'] ?? '',
    body: Buffer.from(body, 'latin1'),
    raw: true,
  };
  const metadata = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => ['Foo-Bar', 'Baz'].includes(name))
      .map(([name, value]) => [name, utf8(value)]),
  );
  const answer = await ourClient(memoryRegistry())
    .call<Buffer>(asked, { address, metadata, retries: 0 })
    .then((bytes) => bytes.toString('latin1'))
    .catch((error: unknown) => error);
  return { answer, request: only(parts(heard())) };
}

describe.each(Object.entries(captures.read()))('our client and a Go server of %s:', (_release, captured) => {
  const calls = Object.entries(captured).filter(([name]) => name !== 'stream');

  it.each(calls)('asks as Go does: %s', async (_, capture) => {
    const { request } = await ask(capture);
    const asGo = only(requests(capture));
    expect({ start: request.start, body: request.body }).toEqual({ start: asGo.start, body: asGo.body });
    expect(common(request)).toEqual(common(asGo));
  });

  it.each(calls)('understands the answer: %s', async (_, capture) => {
    const { answer } = await ask(capture);
    const { headers, body } = only(responses(capture));
    const failed = headers['Micro-Error'];
    expect(answer).toEqual(failed === undefined ? body : MicroError.parse(utf8(failed)));
  });
});
