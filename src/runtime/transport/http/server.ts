import type { Socket as NetSocket } from 'node:net';
import type { Body, Headers, Message, TransportError } from '../transport.ts';
import { Connection } from './connection.ts';
import { HeadWriter } from './head-writer.ts';
import type { FieldRole } from '../field.ts';
import type { Patience } from '../watch.ts';
import type { Limits } from './limits.ts';
import { Parser } from './parser.ts';
import { writeMessage } from './write.ts';

const framing: ReadonlySet<FieldRole> = new Set(['length', 'coding', 'host', 'trailer', 'connection', 'expect']);
const start = 'HTTP/1.1 200 OK\r\n';
const lastStart = `${start}Connection: close\r\n`;

/** The side that listened: its messages are responses. */
export class ServerConnection extends Connection {
  readonly #heads = new HeadWriter(framing);
  /** Which head was told to continue. */
  #continuedHead = 0;
  #isLast = false;
  #isRetired = false;
  #received = 0;
  #sent = 0;

  constructor(net: NetSocket, settings: Limits & Patience) {
    super(net, new Parser('request', settings), settings);
  }

  send(headers: Headers, body: Body): boolean {
    if (!this.isOpen) return true;
    // The other side asked us to close after its last request. Its requests are answered one for one by then, or the answer is a stream's.
    const isEnd = this.#isLast && this.#sent + 1 >= this.#received;
    const head = this.#heads.write(isEnd || this.#isRetired ? lastStart : start, headers);
    const keepsUp = writeMessage(this.outbox, head, body);
    this.#sent += 1;
    if (isEnd) this.close();
    return keepsUp;
  }

  retire(): void {
    this.#isRetired = true;
  }

  protected override noticed(message: Message | undefined): void {
    if (message === undefined) {
      if (this.parser.isWaitedFor) this.#tellToContinue();
      return;
    }
    this.#received += 1;
    if (this.parser.head?.isLast === true) this.#isLast = true;
  }

  protected override refuse(error: TransportError): void {
    const status = statusOf(error);
    const text = `${status}: ${error.message}`;
    const length = Buffer.byteLength(text);
    this.outbox.add(
      `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${text}`,
    );
  }

  #tellToContinue(): void {
    const { heads } = this.parser;
    if (this.#continuedHead === heads) return;
    this.#continuedHead = heads;
    this.outbox.add('HTTP/1.1 100 Continue\r\n\r\n');
  }
}

function statusOf(error: TransportError): string {
  switch (error.code) {
    case 'too_large':
      return '413 Content Too Large';
    case 'timeout':
      return '408 Request Timeout';
    case 'invalid':
    case 'reset':
    case 'unreachable':
    case 'unavailable':
      return '400 Bad Request';
    default:
      return error.code satisfies never;
  }
}
