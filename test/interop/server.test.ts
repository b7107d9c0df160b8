import { beforeEach, describe, expect, it } from 'vitest';
import { loadProto } from '../../src/runtime/codec/proto-file.ts';
import type { Context } from '../../src/runtime/context.ts';
import { notFound, timeout } from '../../src/runtime/errors.ts';
import { shape } from '../../src/runtime/schema.ts';
import { type Handler, type Server, streaming, unary } from '../../src/runtime/server/server.ts';
import { type GoFailure, type GoFlags, go, mandatory, type Release, releases } from '../support/go.ts';
import { unique } from '../support/name.ts';
import { withGo } from '../support/namespace.ts';
import { ourService } from './house.ts';

interface Named {
  readonly name?: string;
}

async function* count(requests: AsyncIterable<{ readonly to: number }>): AsyncIterable<{ readonly n: number }> {
  for await (const { to } of requests) {
    for (let n = 1; n <= to; n += 1) yield { n };
    return;
  }
}

const say = (service: string): Handler => {
  let calls = 0;
  return {
    name: 'Say',
    methods: {
      Hello: unary(({ name = '' }: Named) => ({ msg: `Hello ${name}` }), {
        request: shape('Request', { name: 'string' }),
        response: shape('Response', { msg: 'string' }),
      }),
      Fail: unary(({ name = '' }: Named) => {
        throw notFound(service, `no such thing ${name}`);
      }),
      Throw: unary(() => {
        throw new Error('the disk is full');
      }),
      Flaky: unary(() => {
        calls += 1;
        if (calls === 1) throw new Error('not yet');
        return { calls };
      }),
      Meta: unary((_: unknown, { metadata }: Context) => metadata),
      // Both sides watch the same time, and either may be the first to say that it is over: the handler says so, too.
      Slow: unary(
        (_: unknown, { signal }: Context) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(timeout(service, `told: ${signal.reason}`)));
          }),
      ),
      Count: streaming(count),
    },
  };
};

const botProto = `syntax = "proto3";
  message HelpRequest {}
  message HelpResponse { string usage = 1; string description = 2; }
  message ExecRequest { repeated string args = 1; }
  message ExecResponse { bytes result = 1; string error = 2; }`;

async function command(): Promise<Handler> {
  const proto = await loadProto(botProto);
  const exec = unary(
    ({ args }: { readonly args: readonly string[] }) =>
      args.includes('boom') ? { error: 'it went boom' } : { result: Buffer.from(args.join('+')) },
    { request: proto.schema('ExecRequest'), response: proto.schema('ExecResponse') },
  );
  return { name: 'Command', methods: { Exec: exec } };
}

withGo('our service', () => {
  describe.each(releases)('called by a Go client of %s', (release: Release) => {
    let service: Server;

    beforeEach(async () => {
      const name = unique('go.micro.srv.ours');
      service = await ourService(name, [say(name)]);
    });

    const call = <T = unknown>(endpoint: string, body = '{}', flags: GoFlags = {}): Promise<T | GoFailure> =>
      go<T | GoFailure>(release, ['call', service.name, endpoint, body], flags);
    const failureOf = async (endpoint: string, body?: string, flags?: GoFlags): Promise<unknown> => {
      const { error } = (await call(endpoint, body, flags)) as GoFailure;
      return error.startsWith('{') ? JSON.parse(error) : error;
    };

    it('answers', async () => {
      expect(await call('Say.Hello', '{"name":"bob"}')).toEqual({ msg: 'Hello bob' });
      expect(await call('Say.Hello', '{"name":"hé → ✓ <&>"}')).toEqual({ msg: 'Hello hé → ✓ <&>' });
    });

    it('answers a request without a body', async () => {
      expect(await call('Say.Hello', '')).toEqual({ msg: 'Hello ' });
    });

    it('answers with an error record that Go reads', async () => {
      expect(await failureOf('Say.Fail', '{"name":"hé <✓>"}')).toEqual({
        id: service.name,
        code: 404,
        detail: 'no such thing hé <✓>',
        status: 'Not Found',
      });
    });

    it('makes a 500 of what a handler throws', async () => {
      const record = { id: service.name, code: 500, detail: 'the disk is full', status: 'Internal Server Error' };
      expect(await failureOf('Say.Throw')).toEqual(record);
    });

    it(release === 'v6' ? 'is not tried again after a 500' : 'is tried again after a 500', async () => {
      if (release === 'v6') expect(await failureOf('Say.Flaky')).toMatchObject({ code: 500, detail: 'not yet' });
      else expect(await call('Say.Flaky')).toEqual({ calls: 2 });
    });

    it.each([
      ['Nope.Hello', '{}', "rpc: can't find service Nope"],
      ['Say.Nope', '{}', "rpc: can't find method Nope"],
      ['Say', '{}', 'rpc: service/endpoint request ill-formed: Say'],
    ])('refuses %s with %s', async (endpoint, body, text) => {
      expect(await failureOf(endpoint, body)).toBe(text);
    });

    it('refuses half a request', async () => {
      expect(await failureOf('Say.Hello', '{"name":')).toMatch(/unexpected|JSON/);
    });

    it('gets the metadata', async () => {
      const metadata = await call('Say.Meta', '{}', { metadata: 'foo-bar=x,Baz=hé ✓' });
      expect(metadata).toMatchObject({ 'Foo-Bar': 'x', Baz: 'hé ✓', 'Micro-Endpoint': 'Say.Meta' });
    });

    it('is given the caller’s time, and told when it is over', async () => {
      const error = await failureOf('Say.Slow', '{}', { timeout: '300ms', retries: 0 });
      expect(JSON.stringify(error)).toContain('408');
    });

    it('says in protobuf, asked with an empty message, that it is well, and how it does', async () => {
      expect(await go(release, ['health', service.name])).toEqual({ [`${service.name}-${service.id}`]: 'ok' });
      expect(await go(release, ['stats', service.name])).toMatchObject({
        timestamp: expect.any(Number),
        started: expect.any(Number),
        memory: expect.any(Number),
      });
    });

    it('streams', async () => {
      expect(await go(release, ['stream', service.name, 'Say.Count', '{"to":3}'])).toEqual([
        { n: 1 },
        { n: 2 },
        { n: 3 },
      ]);
    });
  });

  // v6 has no bot.
  it.each(mandatory)('runs a bot command in protobuf for %s', async (release) => {
    const service = await ourService(unique('go.micro.srv.ours'), [await command()]);
    expect(await go(release, ['exec', service.name, 'a', 'b c', 'é'])).toEqual({ result: 'a+b c+é', error: '' });
    expect(await go(release, ['exec', service.name, 'boom'])).toEqual({ result: '', error: 'it went boom' });
  });
});
