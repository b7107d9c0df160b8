import type { Client, ClientStream, ClientWrapper, Request } from '../runtime/client/client.ts';
import type { Codec } from '../runtime/codec/codec.ts';
import { MicroError } from '../runtime/errors.ts';

const json = 'application/json';

/**
 * Commands write requests as JSON and show answers as JSON; this lets them travel in another codec. json-rpc carries the text as it
 * was typed. For others it is parsed: numbers that JavaScript cannot hold exactly lose digits there.
 */
export const speaking = ({ contentType, envelope }: Codec): ClientWrapper | undefined => {
  if (contentType === json) return undefined;
  // The text itself is part of the envelope.
  const isText = contentType === 'application/json-rpc' && envelope !== undefined;
  const travels = (request: { readonly raw?: boolean; readonly contentType?: string }): boolean =>
    request.raw === true && request.contentType === json;
  const translate = (request: Request): Request =>
    isText ? { ...request, contentType } : { ...request, contentType, raw: false, body: parse(request.body) };
  const show = (answer: unknown): Buffer =>
    Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer, bytesAsText) ?? 'null');

  return (next: Client): Client => ({
    ...next,
    async call<T>(request: Request, options?: Parameters<Client['call']>[1]): Promise<T> {
      if (!travels(request)) return next.call<T>(request, options);
      return show(await next.call(translate(request), options)) as T;
    },
    async stream<T>(request: Request, options?: Parameters<Client['stream']>[1]): Promise<ClientStream<T>> {
      if (!travels(request)) return next.stream<T>(request, options);
      const stream = await next.stream(translate(request), options);
      return {
        send: (body) => stream.send(isText ? body : parse(body)),
        closeSend: () => stream.closeSend(),
        close: () => stream.close(),
        [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
        async *[Symbol.asyncIterator]() {
          for await (const message of stream) yield show(message) as T;
        },
      };
    },
    publish(message, options) {
      if (!travels(message)) return next.publish(message, options);
      // An event has no envelope: JSON stays JSON.
      const body = isText ? message.body : parse(message.body);
      return next.publish({ ...message, contentType, raw: isText, body }, options);
    },
  });
};

/** Bytes as Go writes them in JSON. A `Buffer` has become something else before its value comes here. */
function bytesAsText(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const own = this[key];
  return own instanceof Uint8Array ? Buffer.from(own).toString('base64') : value;
}

function parse(body: unknown): unknown {
  try {
    const text = body instanceof Uint8Array ? Buffer.from(body).toString() : typeof body === 'string' ? body : '';
    return JSON.parse(text.trim() === '' ? '{}' : text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MicroError('go.micro.client', 400, reason, { cause: error });
  }
}
