import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { loadProto } from '../../src/runtime/codec/proto-file.ts';
import { notFound } from '../../src/runtime/errors.ts';
import { type Handler, type Server, streaming, unary } from '../../src/runtime/server/server.ts';
import { releases } from '../support/go.ts';
import { until } from '../support/until.ts';
import { type Part, parts, responses } from './capture-parts.ts';
import { readCaptures, service } from './captures.ts';
import { ourService } from './house.ts';

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

/** Says what Go said and returns as many answers as Go got. */
async function replay(address: string, request: string, answers: number): Promise<readonly Part[]> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect(Number(port), host);
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
  });
  await once(socket, 'connect');
  socket.write(Buffer.from(request, 'latin1'));
  try {
    return await until(() => {
      const all = parts(heard);
      return all.length >= answers ? all : undefined;
    });
  } finally {
    socket.destroy();
  }
}

/** What a Go client looks at. */
const seen = ({ start, headers, body }: Part): object => ({ start, error: headers['Micro-Error'], body: body.trim() });

describe.each(releases)('our server answers what a Go client of %s asked as Go did:', (release) => {
  const captures = Object.entries(readCaptures()[release]);

  // A handler of ours sees numbers as JavaScript has them.
  it.each(captures.filter(([name]) => name !== 'big numbers'))('%s', async (_, capture) => {
    const { address } = await ours();
    const expected = responses(capture);
    const answers = await replay(address, capture.request, expected.length);
    expect(answers.map(seen)).toEqual(expected.map(seen));
  });
});
