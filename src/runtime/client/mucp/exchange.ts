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

/** What all exchanges of one client have in common. */
export interface Speaker {
  readonly sender: Sender;
  /** Learns how large the answers are. */
  readonly answers: Answers;
}

/** One request to one node, and its answer. */
export abstract class Exchange {
  protected readonly speaker: Speaker;
  protected readonly request: Request;
  protected readonly prepared: Prepared;
  protected readonly options: CallOptions;
  protected readonly budget: Budget;
  #resolve: (value: unknown) => void = ignore;
  #reject: (error: MicroError) => void = ignore;

  constructor(speaker: Speaker, request: Request, prepared: Prepared, options: CallOptions, budget: Budget) {
    this.speaker = speaker;
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
    const { request, prepared, options, speaker, budget } = this;
    return headersOf(request, prepared.format.contentType, options, id, speaker.sender.name, budget);
  }

  protected answered(message: Message): void {
    const { request, prepared, speaker, budget } = this;
    budget.onOver = undefined;
    speaker.answers.came(request.service, request.endpoint, message.body.length);
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
