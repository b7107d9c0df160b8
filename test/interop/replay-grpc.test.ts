import { once } from 'node:events';
import { type ClientHttp2Stream, connect, createServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import type { H2Exchange, Pairs } from '../support/h2-tap.ts';
import { grpcCaptures, grpcTalks } from './grpc-captures.ts';
import { ourService } from './house.ts';
import { messagesOf } from './matrix/kinds.ts';
import { errorOf, type Observation, service } from './matrix/observation.ts';
import { talk } from './matrix/talk.ts';
import { rightTalks, type Talk } from './talk-captures.ts';

type Head = Readonly<Record<string, string | undefined>>;

const headOf = (pairs: Pairs): Head => Object.fromEntries(pairs);
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

interface Answer {
  readonly head: Head;
  readonly data: string;
  /** Of an answer that is all in its headers, those. */
  readonly last: Head;
}

const answerOf = ({ response: { headers, data, trailers } }: H2Exchange): Answer => ({
  head: headOf(headers),
  data,
  last: headOf(trailers ?? headers),
});

/** What a Go client looks at. */
const seen = ({ head, data, last }: Answer): object => ({
  status: head[':status'],
  contentType: head['content-type'],
  data,
  code: last['grpc-status'],
  message: last['grpc-message'] ?? '',
});

/** Says to our server what a Go client said. */
async function goClient(address: string, { request }: H2Exchange): Promise<Answer> {
  const session = connect(`http://${address}`);
  try {
    const stream: ClientHttp2Stream = session.request(headOf(request.headers));
    let head: Head = {};
    let last: Head | undefined;
    let data = '';
    const headers = (received: IncomingHttpHeaders): Head =>
      Object.fromEntries(Object.entries(received).map(([name, value]) => [name, String(value)]));
    stream.on('response', (received) => {
      head = headers(received);
    });
    stream.on('trailers', (received) => {
      last = headers(received);
    });
    stream.setEncoding('latin1').on('data', (text: string) => {
      data += text;
    });
    stream.end(bytes(request.data));
    await once(stream, 'close');
    return { head, data, last: last ?? head };
  } finally {
    session.destroy();
  }
}

interface GoServer {
  readonly address: string;
  readonly heard: () => { readonly head: Head; readonly data: string };
}

/** Says what a Go server said, once it has heard everything. */
async function goServer({ response }: H2Exchange): Promise<GoServer> {
  let head: Head = {};
  let data = '';
  const server = createServer();
  server.on('stream', (client, headers) => {
    head = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    client.on('error', () => {});
    client.setEncoding('latin1').on('data', (text: string) => {
      data += text;
    });
    client.on('end', () => {
      const { trailers } = response;
      client.respond(
        headOf(response.headers),
        trailers === undefined ? { endStream: true } : { waitForTrailers: true },
      );
      if (trailers === undefined) return;
      client.on('wantTrailers', () => client.sendTrailers(headOf(trailers)));
      client.end(bytes(response.data));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, heard: () => ({ head, data }) };
}

/** Our client makes the same call. */
async function ask(address: string, { way, method, stream, texts }: Talk): Promise<Observation> {
  const { handler, schema, read, write } = messagesOf[way.kind];
  const client = newClient({ transport: httpTransport(), protocol: 'grpc' });
  onTestFinished(() => client.close());
  const schemas = schema === undefined ? {} : { requestSchema: schema, responseSchema: schema };
  const request = { service, endpoint: `${handler}.${method}`, contentType: way.contentType, ...schemas };
  const answers: string[] = [];
  try {
    if (!stream) {
      const [body] = texts.map(write);
      return { answers: [read(await client.call({ ...request, body }, { address, retries: 0 }))] };
    }
    const conversation = await client.stream(request, { address });
    for (const text of texts) await conversation.send(write(text));
    await conversation.closeSend();
    for await (const message of conversation) answers.push(read(message));
    return { answers };
  } catch (error) {
    return { answers, error: errorOf(error) };
  }
}

/** What must be as Go says it: the rest is who we are and how long we wait. */
const asked = (head: Head): object =>
  Object.fromEntries([':method', ':path', ':scheme', 'content-type', 'te'].map((name) => [name, head[name]]));

describe.each(Object.entries(grpcCaptures.read()))('with what %s said over gRPC:', (release, captured) => {
  const talks = Object.entries(captured).map(([name, capture]): [string, Talk, H2Exchange] => {
    const each = grpcTalks[name];
    if (each === undefined) throw new Error(`nobody says ${name}`);
    return [name, each, capture];
  });

  it.each(talks)('our client asks as Go does, and understands the answer: %s', async (_, each, capture) => {
    const { address, heard } = await goServer(capture);
    expect(await ask(address, each)).toEqual(rightTalks[each.method]);
    const { head, data } = heard();
    const asGo = headOf(capture.request.headers);
    // v1 leaves the kind of messages out when it streams.
    const type = release === 'v1' && each.stream ? { 'content-type': head['content-type'] } : {};
    expect(asked(head)).toEqual({ ...asked(asGo), ...type });
    expect(head['x-content-type']).toBe(asGo['x-content-type']);
    // v2 cannot say that it has said everything, so it says a full stop.
    if (each.stream) expect(capture.request.data.startsWith(data)).toBe(true);
    else expect(data).toBe(capture.request.data);
  });

  it.each(talks)('our server answers as Go does: %s', async (_, { way }, capture) => {
    const { address } = await ourService(service, [talk(service, messagesOf[way.kind], [])], {
      registry: memoryRegistry(),
      protocol: grpcServerProtocol(),
    });
    const asGo = answerOf(capture);
    const ours = await goClient(address, capture);
    expect(seen(ours)).toEqual(seen(asGo));
    // v1 does not have them yet.
    if (asGo.last['grpc-status-details-bin'] !== undefined) {
      expect(details(ours)).toEqual(details(asGo));
    }
  });
});

/** Whether base64 is filled up with `=` is the writer's choice. */
const details = ({ last }: Answer): Buffer => Buffer.from(last['grpc-status-details-bin'] ?? '', 'base64');
