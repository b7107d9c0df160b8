import type { WebSocket } from 'ws';
import type { Ends } from '../ends.ts';
import { Inlet } from '../inlet.ts';
import { readMessage, writeMessage } from '../message.ts';
import type { Body, Headers, Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import { Liveness } from './liveness.ts';
import type { WebsocketSettings } from './settings.ts';

/** So much may wait to be written before the other side is said not to keep up. */
const highBytes = 64 * 1024;
/** How long the other side may take to close, too, before the connection is dropped. */
const lingerMs = 1000;

/** One WebSocket, whichever side opened it. */
export class WebsocketSocket implements Socket {
  readonly local: string;
  readonly remote: string;
  readonly #ws: WebSocket;
  readonly #inlet: Inlet;
  readonly #liveness: Liveness;
  #receiver: Receiver | undefined;
  #isOpen = true;
  #owesDrain = false;
  #isRetired = false;
  #error: TransportError | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(ws: WebSocket, ends: Ends, settings: WebsocketSettings) {
    this.local = ends.local;
    this.remote = ends.remote;
    this.#ws = ws;
    this.#liveness = new Liveness(ws, settings.pingMs, (error) => this.#fail(error));
    const source = {
      pause: () => {
        this.#liveness.pause();
        ws.pause();
      },
      resume: () => {
        this.#liveness.resume();
        ws.resume();
      },
    };
    this.#inlet = new Inlet(source, settings.heldTimeoutMs);
  }

  /** Tells `receiver` from now on; to be called once, before anything can have come. */
  start(receiver: Receiver): this {
    const ws = this.#ws;
    this.#receiver = receiver;
    this.#inlet.start(receiver);
    ws.on('message', (data, isBinary) => {
      if (this.#isOpen) this.#read(data, isBinary);
    });
    ws.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#isOpen) this.#error ??= errorOf(error);
    });
    ws.on('close', (code, reason) => {
      clearTimeout(this.#linger);
      this.#liveness.stop();
      const error = this.#error ?? (this.#isOpen ? endOf(code, reason.toString()) : undefined);
      this.#isOpen = false;
      if (error === undefined) this.#inlet.end();
      else this.#inlet.close(error);
    });
    return this;
  }

  send(headers: Headers, body: Body): boolean {
    if (!this.#isOpen) return true;
    const message = writeMessage(this.#isRetired ? { ...headers, Connection: 'close' } : headers, body);
    this.#ws.send(message, this.#written);
    this.#owesDrain ||= this.#ws.bufferedAmount >= highBytes;
    return !this.#owesDrain;
  }

  pause(): void {
    this.#inlet.pause();
  }

  resume(): void {
    this.#inlet.resume();
  }

  retire(): void {
    this.#isRetired = true;
  }

  close(): void {
    if (!this.#isOpen) {
      this.#inlet.close();
      return;
    }
    this.#isOpen = false;
    this.#inlet.stop();
    this.#hangUp(1000, '');
  }

  destroy(): void {
    this.#isOpen = false;
    this.#ws.terminate();
    this.#inlet.close();
  }

  #read(data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean): void {
    try {
      if (!isBinary || !Buffer.isBuffer(data)) throw new TransportError('invalid', 'the other side sent text');
      this.#inlet.push(readMessage(data));
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#fail(error);
    }
  }

  readonly #written = (): void => {
    if (!this.#owesDrain || this.#ws.bufferedAmount >= highBytes) return;
    this.#owesDrain = false;
    if (this.#isOpen) this.#receiver?.drain?.();
  };

  /** Ends because of the other side's fault, and tells it why. */
  #fail(error: TransportError): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#error = error;
    this.#inlet.close(error);
    this.#hangUp(codeOf(error), error.message);
  }

  #hangUp(code: number, reason: string): void {
    // A reason may have 123 bytes.
    this.#ws.close(code, Buffer.from(reason).subarray(0, 123).toString().replace(/�$/, ''));
    this.#linger = setTimeout(() => this.#ws.terminate(), lingerMs);
  }
}

/** What the library found wrong with what came, or the system with the connection. */
function errorOf(error: NodeJS.ErrnoException): TransportError {
  const { code = '', message } = error;
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
    return new TransportError('too_large', 'a message is larger than the limit', { cause: error });
  if (code.startsWith('WS_ERR_')) return new TransportError('invalid', message, { cause: error });
  return new TransportError('reset', `the connection broke: ${code === '' ? message : code}`, { cause: error });
}

/** Why the other side closed; undefined when it had no reason to complain. */
function endOf(code: number, reason: string): TransportError | undefined {
  switch (code) {
    case 1000:
    case 1001:
      return undefined;
    case 1006:
      return new TransportError('reset', 'the other side broke off');
    case 1009:
      return new TransportError('too_large', `the other side takes no message so large: ${reason}`);
    case 1008:
      return new TransportError('timeout', `the other side gave up: ${reason}`);
    default:
      return new TransportError('invalid', `the other side closed with ${code}: ${reason}`);
  }
}

function codeOf(error: TransportError): number {
  switch (error.code) {
    case 'too_large':
      return 1009;
    case 'timeout':
      return 1008;
    case 'invalid':
    case 'reset':
    case 'unreachable':
    case 'unavailable':
      return 1002;
    default:
      return error.code satisfies never;
  }
}
