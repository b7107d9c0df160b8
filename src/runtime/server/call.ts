import type { LogFields } from '../../log/log.ts';
import { OwnedContext } from '../context.ts';
import { internalServerError, MicroError } from '../errors.ts';
import { errorText, serviceOf, timeoutOf } from '../headers.ts';
import type { Message } from '../transport/transport.ts';
import type { AnswerCodec, Caller, Work } from './caller.ts';
import type { Core } from './core.ts';
import type { Route } from './router.ts';

/** One unary request under way. It is answered once, whatever happens. */
export class Call implements Work {
  readonly context: OwnedContext;
  readonly id: string | undefined;
  place = -1;
  readonly #core: Core;
  readonly #caller: Caller;
  readonly #route: Route;
  readonly #codec: AnswerCodec;
  #answered = false;

  constructor(core: Core, caller: Caller, message: Message, route: Route, codec: AnswerCodec, id: string | undefined) {
    const leftMs = timeoutOf(message.headers);
    const deadline = leftMs === undefined ? caller.deadline : Date.now() + leftMs;
    this.context = new OwnedContext(message.headers, caller.ends, deadline);
    this.#core = core;
    this.#caller = caller;
    this.#route = route;
    this.#codec = codec;
    this.id = id;
  }

  /** `body` is the decoded message. */
  run(message: Message, body: unknown): void {
    this.#core.begin();
    try {
      const service = serviceOf(message.headers) || this.#core.name;
      const result = this.#route.invoke(this.context, service, this.#codec.contentType, body);
      if (isThenable(result)) this.#wait(result);
      else this.#succeed(result);
    } catch (error) {
      this.#fail(error);
    }
  }

  abort(reason: MicroError): void {
    this.context.cancel(reason);
    this.#answer(reason);
  }

  #wait(result: PromiseLike<unknown>): void {
    const promise = result instanceof Promise ? result : Promise.resolve(result);
    promise.then(
      (value) => this.#succeed(value),
      (error: unknown) => this.#fail(error),
    );
  }

  #succeed(value: unknown): void {
    if (!this.#answered) {
      try {
        const body = this.#codec.encode(value, this.#route.method.response);
        this.#answered = true;
        if (!this.#caller.answer(this.id, this.#codec.contentType, body)) this.#caller.behind?.();
      } catch (error) {
        this.#core.log.warn('an answer could not be written', this.#about(error));
        this.#answer(MicroError.from(error, this.#core.name));
      }
    }
    this.#end();
  }

  #fail(thrown: unknown): void {
    // The caller is told the message; where it came from is for whoever runs the service.
    if (!(thrown instanceof MicroError)) this.#core.log.error('a handler failed', this.#about(thrown));
    this.#answer(MicroError.from(thrown, this.#core.name));
    this.#end();
  }

  #answer(error: MicroError): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#core.stats.errors += 1;
    const body = this.#codec.encodeError?.(errorText(error));
    this.#caller.refuse(this.id, this.#codec.contentType, error, body);
  }

  #about(error: unknown): LogFields {
    return { endpoint: this.#route.endpoint, error };
  }

  #end(): void {
    this.context.end();
    this.#caller.forget(this);
    this.#core.end();
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** What callers are told whose request a stopping server no longer takes or finishes. Go's clients repeat a 500 at another node. */
export const stopping = (name: string): MicroError => internalServerError(name, 'the server is stopping');
