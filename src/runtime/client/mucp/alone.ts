import type { MicroError } from '../../errors.ts';
import type { Message } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';
import { broken, refused, unsendable } from '../failure.ts';
import type { Connection, Waiting } from './connection.ts';
import type { Sender } from '../protocol.ts';
import type { Prepared } from './exchange.ts';
import { Exchange } from './exchange.ts';
import type { Answers } from './large.ts';
import type { Pool } from './pool.ts';
import { encode } from './request.ts';

/** An exchange that has a connection for itself: an idle one, or a new one. */
export class ExchangeAlone extends Exchange implements Waiting {
  readonly #pool: Pool;
  #connection: Connection | undefined;

  constructor(
    pool: Pool,
    sender: Sender,
    answers: Answers,
    request: Request,
    prepared: Prepared,
    options: CallOptions,
    budget: Budget,
  ) {
    super(sender, answers, request, prepared, options, budget);
    this.#pool = pool;
  }

  /** May throw at once. */
  with(address: string): Promise<unknown> {
    this.#connection = this.#pool.take(address);
    return this.#connection === undefined ? this.#dial(address) : this.begin();
  }

  async #dial(address: string): Promise<unknown> {
    const dialing = this.#pool.dial(address, this.options.dialTimeoutMs ?? this.budget.dialMs).catch(refused);
    const connection = await this.budget.guard(dialing, (late) => this.#pool.release(late));
    if (!connection.open) throw broken(undefined);
    this.#connection = connection;
    return this.begin();
  }

  /**
   * A connection is only known to be open up to the moment of sending. When it breaks after that without an answer, nobody on this
   * side can tell whether the handler ran: the other side may have closed it while the request was on its way, or have died in the
   * middle. So this is never repeated behind the caller's back; it is a 500 like others, which retries by default cover.
   */
  protected override ask(): void {
    const { request, prepared, sender } = this;
    try {
      const headers = this.headers(sender.nextId());
      this.#connection?.exchange(
        headers,
        prepared.body ?? encode(request.body, request, prepared.format, headers),
        this,
      );
    } catch (error) {
      this.#release();
      this.failed(unsendable(error));
    }
  }

  protected override over(): void {
    if (this.#connection !== undefined) this.#pool.drop(this.#connection);
  }

  resolve(message: Message): void {
    this.#release();
    this.answered(message);
  }

  reject(error: MicroError): void {
    this.failed(error);
  }

  #release(): void {
    if (this.#connection !== undefined) this.#pool.release(this.#connection);
  }
}
