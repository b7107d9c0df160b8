import { Pace } from '../../async/pace.ts';
import { OwnedContext } from '../context.ts';
import { MicroError } from '../errors.ts';
import { endOfStream, errorOf, errorText, serviceOf, timeoutOf } from '../headers.ts';
import { Inbox } from '../inbox.ts';
import type { Message } from '../transport/transport.ts';
import type { AnswerCodec, Caller, Work } from './caller.ts';
import type { Core } from './core.ts';
import type { Route } from './router.ts';
import { incoming } from './router.ts';

/** One stream under way: messages in, messages out, and an end told both ways. */
export class ServerStream implements Work {
  readonly context: OwnedContext;
  readonly id: string | undefined;
  place = -1;
  readonly #core: Core;
  readonly #caller: Caller;
  readonly #route: Route;
  readonly #codec: AnswerCodec;
  readonly #inbox: Inbox<unknown>;
  #over = false;

  constructor(core: Core, caller: Caller, opening: Message, route: Route, codec: AnswerCodec, id: string | undefined) {
    const leftMs = timeoutOf(opening.headers);
    const deadline = leftMs === undefined ? caller.deadline : Date.now() + leftMs;
    this.context = new OwnedContext(opening.headers, caller.ends, deadline);
    this.#core = core;
    this.#caller = caller;
    this.#route = route;
    this.#codec = codec;
    this.id = id;
    this.#inbox = new Inbox(caller);
  }

  /** True once nothing is sent or taken any more. Messages that were on their way are thrown away then. */
  get over(): boolean {
    return this.#over;
  }

  /** Never rejects. */
  async run(opening: Message): Promise<void> {
    this.#core.begin();
    try {
      const service = serviceOf(opening.headers) || this.#core.name;
      const context = this.context.with(incoming, this.#inbox);
      const pace = new Pace();
      const messages = await this.#route.invoke(context, service, this.#codec.contentType, undefined);
      for await (const value of messages as AsyncIterable<unknown>) {
        if (this.#over) break;
        const body = this.#codec.encode(value, this.#route.method.response);
        if (!this.#caller.answer(this.id, this.#codec.contentType, body)) await this.#caller.drained();
        const turn = pace.step();
        if (turn !== undefined) await turn;
      }
      this.#end(endOfStream);
    } catch (error) {
      const { endpoint } = this.#route;
      if (!(error instanceof MicroError)) this.#core.log.error('a handler failed', { endpoint, error });
      this.#end(MicroError.from(error, this.#core.name));
    } finally {
      // Lets what still comes in run off, so that the end of the connection is seen.
      void this.#inbox.return();
      this.context.end();
      this.#caller.forget(this);
      this.#core.end();
    }
  }

  message(message: Message): void {
    if (this.#over) return;
    const error = errorOf(message.headers);
    if (error === endOfStream) this.#inbox.end();
    else if (error !== '') this.#inbox.fail(MicroError.parse(error));
    else {
      try {
        this.#inbox.push(this.#codec.decode(message.body, this.#route.method.request));
      } catch (thrown) {
        this.#inbox.fail(new MicroError('', 0, thrown instanceof Error ? thrown.message : String(thrown)));
      }
    }
  }

  abort(reason: MicroError): void {
    this.context.cancel(reason);
    this.#end(reason);
    this.#inbox.fail(reason);
  }

  #end(how: typeof endOfStream | MicroError): void {
    if (this.#over) return;
    this.#over = true;
    if (how === endOfStream) {
      // Go's clients read an envelope to the end also of this.
      this.#caller.end(this.id, this.#codec.contentType, this.#codec.encodeError?.(endOfStream));
    } else {
      this.#core.stats.errors += 1;
      const body = this.#codec.encodeError?.(errorText(how));
      this.#caller.refuse(this.id, this.#codec.contentType, how, body);
    }
  }
}
