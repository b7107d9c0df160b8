import { setImmediate as later } from 'node:timers/promises';
import { notFound } from '../../src/runtime/errors.ts';
import { streaming, unary, type Handler } from '../../src/runtime/server/server.ts';

interface Named {
  readonly name?: unknown;
}

const hello = ({ name }: Named): object => ({ msg: `Hello ${String(name)}` });

async function* up(limits: AsyncIterable<{ readonly to: number }>): AsyncIterable<object> {
  for await (const { to } of limits) for (let n = 1; n <= Math.min(to, 20); n += 1) yield { n };
}

/** Answers at once, later, with an error, with the bytes themselves, or with many messages. */
export const handlers: readonly Handler[] = [
  {
    name: 'Say',
    methods: {
      Hello: unary(hello),
      Later: unary(async (request: Named) => {
        await later();
        return hello(request);
      }),
      Fail: unary(() => {
        throw notFound('go.micro.srv', 'no such thing');
      }),
      Frame: unary((bytes: unknown) => bytes),
    },
  },
  { name: 'Count', methods: { Up: streaming(up) } },
];
