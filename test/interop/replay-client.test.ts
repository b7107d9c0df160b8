import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { MicroError } from '../../src/runtime/errors.ts';
import { releases } from '../support/go.ts';
import { type Part, requests, responses, utf8 } from './capture-parts.ts';
import { type Capture, readCaptures } from './captures.ts';
import { ourClient } from './house.ts';

interface Peer {
  readonly address: string;
  readonly heard: () => Capture;
}

/** Answers the first request with what Go answered. */
async function goServer(capture: Capture): Promise<Peer> {
  let heard = '';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (text: string) => {
      if (heard === '') socket.write(Buffer.from(capture.response, 'latin1'));
      heard += text;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, heard: () => ({ request: heard, response: '' }) };
}

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
  return { answer, request: only(requests(heard())) };
}

/** What is ours in a request: who we are, how long we wait, and that an empty body has a length. */
const own = new Set([
  'Host',
  'User-Agent',
  'Timeout',
  'Micro-Id',
  'Micro-From-Service',
  'Content-Length',
  'Transfer-Encoding',
]);
const common = ({ headers }: Part): object =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)));

describe.each(releases)('our client and a Go server of %s:', (release) => {
  const captures = Object.entries(readCaptures()[release]).filter(([name]) => name !== 'stream');

  it.each(captures)('asks as Go does: %s', async (_, capture) => {
    const { request } = await ask(capture);
    const asGo = only(requests(capture));
    expect({ start: request.start, body: request.body }).toEqual({ start: asGo.start, body: asGo.body });
    expect(common(request)).toEqual(common(asGo));
  });

  it.each(captures)('understands the answer: %s', async (_, capture) => {
    const { answer } = await ask(capture);
    const { headers, body } = only(responses(capture));
    const failed = headers['Micro-Error'];
    expect(answer).toEqual(failed === undefined ? body : MicroError.parse(utf8(failed)));
  });
});
