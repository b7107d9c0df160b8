import { MicroError } from '../../errors.ts';
import type { Body, Message } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';
import type { Sender } from '../protocol.ts';
import type { Answers } from './large.ts';
import type { Format } from './request.ts';
import { decode, encode, headersOf } from './request.ts';

/** A request made ready once for all attempts. */
export class Prepared {
  readonly format: Format;
  /** Undefined when each attempt has a body of its own: an envelope holds its id. */
  readonly body: Body | undefined;

  constructor(request: Request, format: Format) {
    this.format = format;
    this.body = format.envelope === undefined ? encode(request.body, request, format, {}) : undefined;
  }
}

/** One request to one node, and its answer. */
export abstract class Exchange {
  protected readonly sender: Sender;
  readonly #answers: Answers;
  protected readonly request: Request;
  protected readonly prepared: Prepared;
  protected readonly options: CallOptions;
  protected readonly budget: Budget;
  #resolve: (value: unknown) => void = ignore;
  #reject: (error: MicroError) => void = ignore;

  constructor(
    sender: Sender,
    answers: Answers,
    request: Request,
    prepared: Prepared,
    options: CallOptions,
    budget: Budget,
  ) {
    this.sender = sender;
    this.#answers = answers;
    this.request = request;
    this.prepared = prepared;
    this.options = options;
    this.budget = budget;
  }

  /** Asks. May throw at once. */
  protected begin(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.budget.onOver = (error) => {
        this.over();
        reject(error);
      };
      this.ask();
    });
  }

  /** Sends the request. */
  protected abstract ask(): void;

  /** The time is over, or the caller has changed his mind. */
  protected abstract over(): void;

  protected headers(id: string): Record<string, string> {
    const { request, prepared, options, sender, budget } = this;
    return headersOf(request, prepared.format.contentType, options, id, sender.name, budget);
  }

  protected answered(message: Message): void {
    const { request, prepared, budget } = this;
    budget.onOver = undefined;
    this.#answers.came(message.body.length);
    try {
      this.#resolve(decode(message, request, prepared.format));
    } catch (error) {
      this.#reject(MicroError.from(error, 'go.micro.client'));
    }
  }

  protected failed(error: MicroError): void {
    this.budget.onOver = undefined;
    this.#reject(error);
  }
}

const ignore = (): void => {};
