import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Bytes that go-micro puts on the wire, to be mutated: captured ones, and those of forms that no capture has. */
export interface Samples {
  readonly requests: readonly Buffer[];
  readonly answers: readonly Buffer[];
  readonly mdns: readonly Buffer[];
  /** Events at a subscriber, as publishers of several releases post them. */
  readonly posts: readonly Buffer[];
}

const folder = fileURLToPath(new URL('test/fixtures/', import.meta.resolve('micro-bot/package.json')));
const read = (name: string): unknown => JSON.parse(readFileSync(`${folder}${name}`, 'utf8'));

/** `subscription` is whom events are for. */
export function readSamples(subscription: string = ''): Samples {
  const captures = readdirSync(folder)
    .filter((name) => /^go-http.*\.json$/.test(name))
    .map(read);
  const mdns = Object.values(read('mdns.json') as Readonly<Record<string, string>>);
  return {
    requests: [...texts(captures, 'request'), ...requests],
    answers: [...texts(captures, 'response'), ...answers],
    posts: posts(subscription),
    mdns: mdns.filter((text) => /^([0-9a-f]{2})+$/.test(text)).map((hex) => Buffer.from(hex, 'hex')),
  };
}

/** Every text under `key`, however deep: one character a byte. */
function texts(value: unknown, key: string): readonly Buffer[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === key && typeof inner === 'string' ? [Buffer.from(inner, 'latin1')] : texts(inner, key),
  );
}

const message = (start: string, headers: readonly string[], body: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`${[start, ...headers, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n`),
    Buffer.from(body as Buffer),
  ]);

const post = (headers: readonly string[], body: string | Buffer): Buffer =>
  message('POST / HTTP/1.1', ['Host: x', 'Micro-Id: 7', ...headers], body);

const endpoint = (name: string): string => `Micro-Endpoint: ${name}`;
const protoRpc = Buffer.from('0a090a0147120431323334', 'hex');

const requests: readonly Buffer[] = [
  post(['Content-Type: application/json', endpoint('Say.Hello'), 'Timeout: 5000000000'], '{"name":"John"}'),
  post(
    ['Content-Type: application/json', endpoint('Say.Later')],
    '{"name":"hé→","more":[1,2.5,-3e8,null,true,{"a":"b"}]}',
  ),
  post(['Content-Type: application/json-rpc'], '{"method":"Say.Hello","params":[{"name":"John"}],"id":"7"}'),
  post(['Content-Type: application/proto-rpc', endpoint('Say.Frame')], protoRpc),
  post(['Content-Type: application/protobuf', endpoint('Debug.Health')], ''),
  post(['Content-Type: application/octet-stream', endpoint('Say.Frame')], Buffer.from([0, 1, 2, 253, 254, 255])),
  post(['Content-Type: application/grpc+json', endpoint('Say.Hello')], Buffer.from('\0\0\0\0\x0f{"name":"John"}')),
  post(['Content-Type: application/json', 'Micro-Topic: events'], '{"id":"1"}'),
  post(['Content-Type: application/json', endpoint('Say.Fail'), 'Connection: close'], '{}'),
  Buffer.from(
    `POST / HTTP/1.1\r\nHost: x\r\n${endpoint('Say.Hello')}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n` +
      '8;x="y"\r\n{"name":\r\n7\r\n"John"}\r\n0\r\nT: u\r\n\r\n',
  ),
  Buffer.from(`GET /Say/Hello?name=John HTTP/1.0\r\n${endpoint('Say.Hello')}\r\nConnection: keep-alive\r\n\r\n`),
];

const answer = (headers: readonly string[], body: string | Buffer, start = 'HTTP/1.1 200 OK'): Buffer =>
  message(start, ['Content-Type: application/json', 'Micro-Id: 0', ...headers], body);

const failure = '{"id":"go.micro.srv","code":404,"detail":"no such thing","status":"Not Found"}';

const answers: readonly Buffer[] = [
  answer([], '{"msg":"Hello John"}'),
  answer([`Micro-Error: ${failure}`, `X-Micro-Error: ${failure}`], ''),
  answer([], '{"id":"0","result":{"msg":"Hello John"},"error":null}'),
  answer(['Micro-Error: EOS'], ''),
  answer([], 'Bad Request', 'HTTP/1.1 400 Bad Request'),
  answer(['Connection: close'], protoRpc),
  Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{"msg":"Hello John"}\r\n0\r\n\r\n'),
  Buffer.from('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"msg":"Hello John"}'),
];

const events: readonly string[] = [
  '{"Header":{":topic":"events","Content-Type":"application/json","Micro-Topic":"events"},"Body":"eyJhIjoieFx1MDAzY3kifQo="}',
  '{"Header":{"Micro-Topic":"events","k":"v"},"Body":"aGVsbG8="}',
  '{"Header":{":topic":"events"},"Body":null}',
];

const posts = (subscription: string): readonly Buffer[] =>
  events.flatMap((event) =>
    ['/_sub', '/'].map((path) =>
      message(`POST ${path}?id=${subscription} HTTP/1.1`, ['Host: x', 'Content-Type: application/json'], event),
    ),
  );
