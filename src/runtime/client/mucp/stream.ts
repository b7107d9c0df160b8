import { Pace } from '../../../async/pace.ts';
import type { Node } from '../../../discovery/registry.ts';
import { internalServerError, MicroError } from '../../errors.ts';
import { endOfStream, errorOf } from '../../headers.ts';
import { Inbox } from '../../inbox.ts';
import type { Body, Message, Receiver, Socket, Transport, TransportError } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, ClientStream, Request } from '../client.ts';
import { broken, refused, unsendable } from '../failure.ts';
import type { Sender } from '../protocol.ts';
import type { Format } from './request.ts';
import { decode, encodeOpening, encode, headersOf } from './request.ts';

export interface StreamOptions {
  readonly transport: Transport;
  readonly sender: Sender;
  readonly node: Node;
  readonly request: Request;
  readonly options: CallOptions;
  readonly format: Format;
  /** Handed over once the stream is open: the stream releases it. */
  readonly budget: Budget;
  /** All open streams of the client: this one is in it while it is open. */
  readonly streams: Set<ClientStream>;
}

/** Dials a connection of its own and opens a stream on it. */
export async function openStream<T>(setup: StreamOptions): Promise<ClientStream<T>> {
  const { transport, node, options, budget } = setup;
  const stream = new MucpStream<T>(setup);
  const dialing = transport.dial(node.address, stream, { timeoutMs: options.dialTimeoutMs ?? budget.dialMs });
  stream.open(await budget.guard(dialing.catch(refused), (late) => late.destroy()));
  return stream;
}

/** How long a peer may take to see our end before the connection is cut, in milliseconds. */
const lingerMs = 1000;

class MucpStream<T> implements ClientStream<T>, Receiver {
  readonly #setup: StreamOptions;
  readonly #headers: Record<string, string>;
  readonly #inbox: Inbox<T>;
  readonly #pace = new Pace();
  #socket: Socket | undefined;
  #drained: (() => void)[] = [];
  /** Why nothing can be sent any more. */
  #over: MicroError | undefined;
  #saidAll = false;
  #lingering: NodeJS.Timeout | undefined;

  constructor(setup: StreamOptions) {
    const { request, options, format, sender, budget } = setup;
    this.#setup = setup;
    this.#headers = headersOf(request, format.contentType, options, sender.nextId(), sender.name, budget);
    this.#headers['Micro-Stream'] = this.#headers['Micro-Id'] ?? '';
    const flow = { pause: () => this.#socket?.pause(), resume: () => this.#socket?.resume() };
    this.#inbox = new Inbox<T>(flow, () => this.#finish());
  }

  open(socket: Socket): void {
    const { request, format, budget } = this.#setup;
    this.#socket = socket;
    if (this.#over !== undefined) throw this.#over;
    this.#setup.streams.add(this);
    budget.onOver = (error) => this.#fail(error);
    try {
      this.#write(this.#headers, encodeOpening(request, format, this.#headers));
      if (request.body !== undefined) this.#write(this.#headers, encode(request.body, request, format, this.#headers));
    } catch (error) {
      this.#over = MicroError.from(error, 'go.micro.client');
      this.#setup.streams.delete(this);
      socket.destroy();
      throw error;
    }
  }

  async send(body: unknown): Promise<void> {
    const { request, format } = this.#setup;
    if (this.#over !== undefined) throw this.#over;
    if (this.#saidAll) throw new MicroError('go.micro.client', 400, 'the stream was closed for sending');
    if (!this.#write(this.#headers, encode(body, request, format, this.#headers))) {
      await new Promise<void>((resolve) => {
        this.#drained.push(resolve);
      });
    }
    const turn = this.#pace.step();
    if (turn !== undefined) await turn;
    if (this.#over !== undefined) throw this.#over;
  }

  async closeSend(): Promise<void> {
    if (this.#saidAll || this.#over !== undefined) return;
    this.#saidAll = true;
    this.#write({ ...this.#headers, 'Micro-Error': endOfStream }, '');
  }

  async close(): Promise<void> {
    await this.closeSend();
    this.#inbox.end();
    this.#finish();
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#inbox;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  message(message: Message): void {
    if (this.#over !== undefined) return;
    if (errorOf(message.headers) === endOfStream) {
      this.#inbox.end();
      this.#finish();
      return;
    }
    try {
      this.#inbox.push(decode(message, this.#setup.request, this.#setup.format) as T);
    } catch (error) {
      this.#fail(MicroError.from(error, 'go.micro.client'));
    }
  }

  drain(): void {
    const drained = this.#drained;
    this.#drained = [];
    for (const resolve of drained) resolve();
  }

  closed(error: TransportError | undefined): void {
    if (this.#over === undefined) this.#fail(broken(error));
    // There is nobody left to wait for.
    clearTimeout(this.#lingering);
  }

  #write(headers: Record<string, string>, body: Body): boolean {
    try {
      return this.#socket?.send(headers, body) ?? true;
    } catch (error) {
      throw unsendable(error);
    }
  }

  #fail(error: MicroError): void {
    if (this.#over !== undefined) return;
    this.#inbox.fail(error);
    if (!this.#saidAll && error.code === 408) void this.closeSend();
    this.#finish(error);
  }

  /** Lets everything go; what was received can still be read. */
  #finish(error: MicroError = ended()): void {
    if (this.#over !== undefined) return;
    this.#over = error;
    // Before it was opened the budget is still its opener's, who may try another node.
    if (this.#socket !== undefined) this.#setup.budget.release();
    this.#setup.streams.delete(this);
    this.drain();
    const socket = this.#socket;
    socket?.resume();
    socket?.close();
    // A peer that no longer reads would keep the connection for ever.
    if (socket !== undefined) this.#lingering = setTimeout(() => socket.destroy(), lingerMs).unref();
  }
}

const ended = (): MicroError => internalServerError('go.micro.client', 'the stream has ended');
