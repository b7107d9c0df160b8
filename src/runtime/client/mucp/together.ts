import type { MicroError } from '../../errors.ts';
import type { Message } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';
import { unsendable } from '../failure.ts';
import type { Sender } from '../protocol.ts';
import type { Prepared } from './exchange.ts';
import { Exchange } from './exchange.ts';
import type { Answers } from './large.ts';
import type { Asked, SharedConnection } from './shared.ts';
import type { Sharing } from './sharing.ts';

/** An exchange on a connection that others use at the same time. */
export class ExchangeTogether extends Exchange implements Asked {
  id = '';
  heard = 0;
  readonly #sharing: Sharing;
  #connection: SharedConnection | undefined;

  constructor(
    sharing: Sharing,
    sender: Sender,
    answers: Answers,
    request: Request,
    prepared: Prepared,
    options: CallOptions,
    budget: Budget,
  ) {
    super(sender, answers, request, prepared, options, budget);
    this.#sharing = sharing;
  }

  /** May throw at once. */
  with(address: string): Promise<unknown> {
    this.#connection = this.#sharing.take(address);
    return this.#connection === undefined ? this.#dial(address) : this.begin();
  }

  async #dial(address: string): Promise<unknown> {
    const timeoutMs = this.options.dialTimeoutMs ?? this.budget.dialMs;
    // Many may have waited for the same connection, and have filled it.
    while (this.#connection === undefined) {
      await this.#sharing.dial(address, timeoutMs, this.budget);
      this.#connection = this.#sharing.take(address);
    }
    return this.begin();
  }

  protected override ask(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    try {
      this.id = connection.nextId(this.sender);
      connection.ask(this, this.headers(this.id), this.prepared.body ?? '');
    } catch (error) {
      this.failed(unsendable(error));
    }
  }

  protected override over(): void {
    this.#connection?.leave(this, this.budget.canceled ? 'canceled' : 'late');
  }

  resolve(message: Message): void {
    this.answered(message);
  }

  reject(error: MicroError): void {
    this.failed(error);
  }
}
