import { success } from '../../grpc/failure.ts';
import { FrameWriter } from '../../grpc/writer.ts';
import type { Fields, Stream } from '../../http2/http2.ts';
import type { Body } from '../../transport/transport.ts';

const none: Fields = [];
const ok: Fields = [':status', '200'];

/** The heads of answers, by the content types they name: the same list each time, so that it is sent in a few bytes. */
export const headsOf = (contentTypes: Iterable<string>): ReadonlyMap<string, Fields> =>
  new Map(Array.from(contentTypes, (type) => [type, [...ok, 'content-type', type]]));

/** Our half of a call's stream: a head, messages, trailers. Once it is over, or the caller is gone, nothing is written. */
export class Answer {
  readonly #stream: Stream;
  readonly #contentType: string;
  readonly #head: Fields | undefined;
  #writer: FrameWriter | undefined;
  #isSaid = false;

  /** `head` is the one of the content type, if that is known. */
  constructor(stream: Stream, contentType: string, head: Fields | undefined) {
    this.#stream = stream;
    this.#contentType = contentType;
    this.#head = head;
  }

  /** Everything was said, though some of it may wait to be sent. */
  get isSaid(): boolean {
    return this.#isSaid;
  }

  /** Nothing can be said any more. */
  get over(): boolean {
    return this.#isSaid || this.#stream.isSilent;
  }

  /** Answers in words of HTTP. */
  http(head: Fields): void {
    this.#isSaid = true;
    this.#stream.send(head, undefined, true);
  }

  /** The whole answer of a unary call: one message with its prefix. */
  only(frame: Buffer): void {
    if (this.over) return;
    this.#isSaid = true;
    this.#sendHead(undefined, false);
    this.#stream.write(frame, false);
    this.#stream.send(success, undefined, true);
  }

  /** One of many; says whether the caller keeps up. */
  message(body: Body): boolean {
    if (this.over) return true;
    if (this.#writer === undefined) {
      this.#sendHead(undefined, false);
      this.#writer = new FrameWriter(this.#stream);
    }
    return this.#writer.write(body);
  }

  end(trailers: Fields): void {
    if (this.over) return;
    this.#isSaid = true;
    if (this.#writer === undefined) {
      // Without a message the head says it all.
      this.#sendHead(trailers, true);
      return;
    }
    this.#writer.flush();
    if (trailers === success) this.#stream.send(success, undefined, true);
    else this.#stream.send(none, trailers, true);
  }

  #sendHead(more: Fields | undefined, ends: boolean): void {
    if (this.#head !== undefined) this.#stream.send(this.#head, more, ends);
    // A type that only this caller knows is not kept.
    else this.#stream.send(ok, ['content-type', this.#contentType, ...(more ?? none)], ends);
  }
}
