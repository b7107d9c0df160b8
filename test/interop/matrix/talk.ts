import type { Context } from '../../../src/runtime/context.ts';
import { badRequest, notFound } from '../../../src/runtime/errors.ts';
import { type Handler, streaming, unary } from '../../../src/runtime/server/server.ts';
import type { Messages } from './kinds.ts';

/** A call to `Hang`, and how many milliseconds its caller gave it. */
export interface Hung {
  readonly leftMs: number | undefined;
}

/** What the Go programs serve as `Json`, `Proto` and `Bytes`, served by us. */
export function talk(service: string, { handler, schema, read, write }: Messages, hung: Hung[]): Handler {
  const shapes = schema === undefined ? {} : { request: schema, response: schema };

  async function* until(requests: AsyncIterable<unknown>): AsyncIterable<string> {
    for await (const request of requests) {
      // From those who cannot say that it is the end.
      if (read(request) === '.') return;
      yield read(request);
    }
  }

  async function* count(requests: AsyncIterable<unknown>): AsyncIterable<unknown> {
    for await (const text of until(requests)) {
      if (!/^\d+$/.test(text)) throw badRequest(service, 'that is no number');
      for (let n = 1; n <= Number(text); n += 1) yield write(String(n));
      return;
    }
  }

  async function* join(requests: AsyncIterable<unknown>): AsyncIterable<unknown> {
    const texts: string[] = [];
    for await (const text of until(requests)) texts.push(text);
    yield write(texts.join('+'));
  }

  async function* echo(requests: AsyncIterable<unknown>): AsyncIterable<unknown> {
    for await (const text of until(requests)) yield write(`echo ${text}`);
  }

  // It never answers: the caller is the one to say that time is over.
  const hang = (_: unknown, { deadline }: Context): Promise<never> => {
    hung.push({ leftMs: deadline === undefined ? undefined : deadline - Date.now() });
    return new Promise(() => {});
  };

  return {
    name: handler,
    methods: {
      Hello: unary((request: unknown) => write(`Hello ${read(request)}`), shapes),
      Fail: unary((request: unknown) => {
        throw notFound(service, `no such thing ${read(request)}`);
      }, shapes),
      Meta: unary((request: unknown, context) => write(context.header(read(request)) ?? ''), shapes),
      Hang: unary(hang, shapes),
      Count: streaming(count, shapes),
      Join: streaming(join, shapes),
      Echo: streaming(echo, shapes),
    },
  };
}
