import type { Socket as NetSocket } from 'node:net';
import type { Body, Headers } from '../transport.ts';
import { Connection } from './connection.ts';
import { HeadWriter } from './head-writer.ts';
import type { FieldRole } from '../field.ts';
import type { Patience } from '../watch.ts';
import type { Limits } from './limits.ts';
import { Parser } from './parser.ts';
import { writeMessage } from './write.ts';

const framing: ReadonlySet<FieldRole> = new Set(['length', 'coding', 'host', 'trailer', 'expect']);

/** The side that dialled: its messages are requests. */
export class ClientConnection extends Connection {
  readonly #heads = new HeadWriter(framing);
  readonly #start: string;
  readonly #startWithAgent: string;

  constructor(net: NetSocket, address: string, settings: Limits & Patience) {
    super(net, new Parser('response', settings), settings);
    this.#start = `POST / HTTP/1.1\r\nHost: ${address}\r\n`;
    this.#startWithAgent = `${this.#start}User-Agent: micro-bot\r\n`;
  }

  send(headers: Headers, body: Body): boolean {
    if (!this.isOpen) return true;
    const start = headers['User-Agent'] === undefined ? this.#startWithAgent : this.#start;
    return writeMessage(this.outbox, this.#heads.write(start, headers), body);
  }

  protected override noticed(): void {}

  protected override refuse(): void {}
}
