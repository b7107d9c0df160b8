import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { until } from '../support/until.ts';

export interface RawAnswer {
  readonly status: string;
  /** Names as they were written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A bare TCP connection to a server: what is written is exactly what a test says. */
export interface Raw {
  write(text: string): void;
  /** The next answer, in the order they arrive. */
  answer(): Promise<RawAnswer>;
  /** How many answers have come in and were not taken. */
  readonly waiting: number;
  /** Stops and goes on reading. */
  pause(): void;
  resume(): void;
  end(): void;
  readonly closed: Promise<unknown>;
}

export async function raw(address: string): Promise<Raw> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  let received = Buffer.alloc(0);
  const answers: RawAnswer[] = [];
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let next = parse(received); next !== undefined; next = parse(received)) {
      answers.push(next.answer);
      received = next.rest;
    }
  });
  return {
    write: (text) => void socket.write(text),
    async answer() {
      await until(() => answers.length > 0);
      return answers.shift() as RawAnswer;
    },
    get waiting() {
      return answers.length;
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    closed,
  };
}

/** One request as the vectors of the wire write it: JSON unless headers say otherwise, with its length. */
export function post(headers: readonly string[], body = '', first = 'POST / HTTP/1.1'): string {
  const typed = headers.some((header) => /^content-type:/i.test(header)) ? [] : ['Content-Type: application/json'];
  return [first, 'Host: x', ...typed, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}

function parse(bytes: Buffer): { readonly answer: RawAnswer; readonly rest: Buffer<ArrayBuffer> } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [status = '', ...lines] = bytes.toString('utf8', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const stop = end + 4 + Number(headers['Content-Length'] ?? 0);
  if (bytes.length < stop) return undefined;
  return {
    answer: { status, headers, body: bytes.toString('utf8', end + 4, stop) },
    rest: Buffer.from(bytes.subarray(stop)),
  };
}
