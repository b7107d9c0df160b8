import type { OutgoingHttpHeaders, ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2';
import type { Trailers } from '../../grpc/failure.ts';
import { success } from '../../grpc/failure.ts';
import { writeFrame } from '../../grpc/frame.ts';
import { FrameWriter } from '../../grpc/writer.ts';
import type { Body } from '../../transport/transport.ts';

const withTrailers: ServerStreamResponseOptions = { waitForTrailers: true };
const withoutBody: ServerStreamResponseOptions = { endStream: true };

/** Our half of a call's stream: a head, messages, trailers. Once it is over, or the caller is gone, nothing is written. */
export class Answer {
  readonly #stream: ServerHttp2Stream;
  readonly #contentType: string;
  #writer: FrameWriter | undefined;
  #trailers: Trailers = success;
  #over = false;

  constructor(stream: ServerHttp2Stream, contentType: string) {
    this.#stream = stream;
    this.#contentType = contentType;
  }

  /** True once everything was said. */
  get over(): boolean {
    return this.#over || this.#stream.destroyed || this.#stream.closed;
  }

  /** Somebody else has answered. */
  leave(): void {
    this.#over = true;
  }

  /** The whole answer of a unary call. */
  only(body: Body): void {
    if (this.over) return;
    this.#over = true;
    this.#begin();
    this.#stream.end(writeFrame(body));
  }

  /** One of many; says whether the caller keeps up. */
  message(body: Body): boolean {
    if (this.over) return true;
    if (this.#writer === undefined) {
      this.#begin();
      this.#writer = new FrameWriter(this.#stream);
    }
    return this.#writer.write(body);
  }

  end(trailers: Trailers): void {
    if (this.over) return;
    this.#over = true;
    this.#trailers = trailers;
    if (this.#writer !== undefined) {
      this.#writer.end();
      return;
    }
    // Without a message the head says it all.
    this.#stream.respond({ ...this.#head(), ...trailers }, withoutBody);
  }

  #begin(): void {
    this.#stream.on('wantTrailers', () => this.#stream.sendTrailers(this.#trailers));
    this.#stream.respond(this.#head(), withTrailers);
  }

  #head(): OutgoingHttpHeaders {
    return { ':status': 200, 'content-type': this.#contentType };
  }
}
