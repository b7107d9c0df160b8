import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2';
import { mutate } from './mutate.ts';
import { type Random, seeded } from './random.ts';
import { each, type Tally } from './tally.ts';

const patienceMs = 15_000;
const messages = ['{"name":"John"}', '{"to":3}', '', '[1,{"a":null}]'].map(frame);
const names = ['content-type', 'grpc-timeout', 'timeout', 'te', 'grpc-encoding', 'x-content-type', 'foo-bin', 'foo'];
const values = [
  'application/grpc',
  'application/grpc+proto',
  'text/html',
  '5S',
  '0n',
  '-1',
  '99999999999H',
  'gzip',
  '%zz',
  'é',
  '',
];
const paths = [
  '/victim.Say/Hello',
  '/victim.Say/Later',
  '/Say/Fail',
  '/victim.Count/Up',
  '/a.b.Say/No',
  '//',
  '/Say',
  '/Say/Hello/x',
];

/** What begins well in HTTP/2 and goes wrong in gRPC: each stream ends with a status or is reset. */
export async function fuzzGrpc(address: string, count: number, seed: number, tally: Tally): Promise<void> {
  const random = seeded(seed);
  let session: ClientHttp2Session | undefined;
  const numbers = Array.from({ length: count }, (_, index) => index);
  await each(numbers, 64, async () => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connect(`http://${address}`);
      session.on('error', () => {});
    }
    const outcome = await ask(session, headersOf(random), mutate(random.pick(messages), messages, random));
    if (outcome === 'hung') tally.fault(`a gRPC stream had no end`);
    else tally.add(outcome);
  });
  session?.close();
}

function frame(text: string): Buffer {
  const bytes = Buffer.alloc(5 + Buffer.byteLength(text));
  bytes.writeUInt32BE(bytes.length - 5, 1);
  bytes.write(text, 5);
  return bytes;
}

function headersOf(random: Random): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    ':method': random.chance(0.95) ? 'POST' : 'GET',
    ':path': random.pick(paths),
    'content-type': 'application/grpc+json',
    te: 'trailers',
  };
  if (random.chance(0.3)) headers[random.pick(names)] = random.pick(values);
  return headers;
}

type Outcome =
  | 'answered with a status of gRPC'
  | 'refused with a status of HTTP'
  | 'reset with a code'
  | 'not sendable'
  | 'hung';

function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body: Buffer): Promise<Outcome> {
  return new Promise((resolve) => {
    let outcome: Outcome = 'reset with a code';
    let stream: ClientHttp2Stream;
    try {
      stream = session.request(headers);
    } catch {
      resolve('not sendable');
      return;
    }
    const timer = setTimeout(() => {
      outcome = 'hung';
      stream.destroy();
    }, patienceMs);
    const read = ({ 'grpc-status': status, ':status': http }: Readonly<Record<string, unknown>>): void => {
      if (status !== undefined) outcome = 'answered with a status of gRPC';
      else if (http !== undefined && http !== 200) outcome = 'refused with a status of HTTP';
    };
    stream.on('response', read);
    stream.on('trailers', read);
    stream.on('error', () => {});
    stream.on('close', () => {
      clearTimeout(timer);
      resolve(outcome);
    });
    stream.resume();
    stream.end(body);
  });
}
