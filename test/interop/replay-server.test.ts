import { describe, expect, it } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { loadProto } from '../../src/runtime/codec/proto-file.ts';
import { notFound } from '../../src/runtime/errors.ts';
import { type Handler, type Server, streaming, unary } from '../../src/runtime/server/server.ts';
import { type Part, responses } from './capture-parts.ts';
import { captures, service } from './captures.ts';
import { ourService } from './house.ts';
import { goClient } from './replay.ts';

const say: Handler = {
  name: 'Say',
  methods: {
    Hello: unary(({ name = '' }: { readonly name?: string }) => ({ msg: `Hello ${name}` })),
    Fail: unary(({ name }: { readonly name: string }) => {
      throw notFound(service, `no such thing ${name}`);
    }),
  },
};

async function* up(limits: AsyncIterable<{ readonly to: number }>): AsyncIterable<{ readonly n: number }> {
  for await (const { to } of limits) {
    for (let n = 1; n <= to; n += 1) yield { n };
    return;
  }
}

async function command(): Promise<Handler> {
  const proto = await loadProto(`syntax = "proto3";
    message ExecRequest { repeated string args = 1; }
    message ExecResponse { bytes result = 1; string error = 2; }`);
  const exec = ({ args }: { readonly args: readonly string[] }): object =>
    args.includes('boom') ? { error: 'it went boom' } : { result: Buffer.from(args.join(' ')) };
  const shapes = { request: proto.schema('ExecRequest'), response: proto.schema('ExecResponse') };
  const help = unary(() => ({ usage: 'greeter [words]', description: 'Joins words in Go' }));
  return { name: 'Command', methods: { Exec: unary(exec, shapes), Help: help } };
}

const ours = async (): Promise<Server> =>
  await ourService(service, [say, { name: 'Count', methods: { Up: streaming(up) } }, await command()], {
    registry: memoryRegistry(),
  });

/** What a Go client looks at. */
const seen = ({ start, headers, body }: Part): object => ({ start, error: headers['Micro-Error'], body: body.trim() });

describe.each(
  Object.entries(captures.read()),
)('our server answers what a Go client of %s asked as Go did:', (_release, captured) => {
  const calls = Object.entries(captured);

  // A handler of ours sees numbers as JavaScript has them.
  it.each(calls.filter(([name]) => name !== 'big numbers'))('%s', async (_, capture) => {
    const { address } = await ours();
    const expected = responses(capture);
    const answers = await goClient(address, capture.request, expected.length);
    expect(answers.map(seen)).toEqual(expected.map(seen));
  });
});
