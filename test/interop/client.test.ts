import { beforeEach, describe, expect, it } from 'vitest';
import { MicroError } from '../../src/runtime/errors.ts';
import { healthRequest, healthResponse } from '../../src/runtime/server/debug.ts';
import { type GoService, releases, serveGo } from '../support/go.ts';
import { unique } from '../support/name.ts';
import { withGo } from '../support/namespace.ts';
import { until } from '../support/until.ts';
import { ourClient } from './house.ts';

/** What a call that must fail failed with. */
const failure = (call: Promise<unknown>): Promise<MicroError> =>
  call.then(
    (answer) => Promise.reject(new Error(`answered ${JSON.stringify(answer)}`)),
    (error: unknown) => (error instanceof MicroError ? error : Promise.reject(error)),
  );

withGo('our client', () => {
  describe.each(releases)('calls a Go service of %s, which', (release) => {
    let greeter: GoService;

    beforeEach(async () => {
      greeter = await serveGo(release, 'greeter', unique('go.micro.srv.greeter'));
    });

    it('answers', async () => {
      const client = ourClient();
      const names = ['Ann', 'Bob', 'hé → ✓', '<&>\u2028'];
      for (const name of names) {
        const request = { service: greeter.name, endpoint: 'Say.Hello', body: { name } };
        expect(await client.call(request)).toEqual({ msg: `Hello ${name}` });
      }
    });

    it('answers many at a time', async () => {
      const client = ourClient();
      const calls = Array.from({ length: 50 }, (_, n) =>
        client.call({ service: greeter.name, endpoint: 'Say.Hello', body: { name: String(n) } }),
      );
      expect(await Promise.all(calls)).toEqual(calls.map((_, n) => ({ msg: `Hello ${n}` })));
    });

    it('leaves digits as they are', async () => {
      const body =
        '{"id":9223372036854775807,"amount":1.10000000000000000001,"rest":{"x":123456789012345678901234567890}}';
      const client = ourClient();
      const answer = await client.call<Buffer>({ service: greeter.name, endpoint: 'Echo.Big', body, raw: true });
      expect(answer.toString()).toBe(`${body}\n`);
    });

    it('takes a request without a body', async () => {
      const request = { service: greeter.name, endpoint: 'Say.Hello', body: '', raw: true };
      expect((await ourClient().call<Buffer>(request)).toString()).toBe('{"msg":"Hello "}\n');
    });

    it('answers with an error record', async () => {
      const request = { service: greeter.name, endpoint: 'Say.Fail', body: { name: 'thing "é"' } };
      expect((await failure(ourClient().call(request))).toJSON()).toEqual({
        id: greeter.name,
        code: 404,
        detail: 'no such thing thing "é"',
        status: 'Not Found',
      });
    });

    it.each([
      ['Nope.Hello', "rpc: can't find service Nope"],
      ['Say.Nope', "rpc: can't find method Nope"],
      ['Say', 'rpc: service/endpoint request ill-formed: Say'],
    ])('refuses %s in plain words', async (endpoint, detail) => {
      const error = await failure(ourClient().call({ service: greeter.name, endpoint, body: {} }));
      expect(error).toMatchObject({ code: 0, detail: expect.stringContaining(detail) });
    });

    it('refuses a content type it does not know', async () => {
      const request = {
        service: greeter.name,
        endpoint: 'Say.Hello',
        contentType: 'text/x-nope',
        body: '{}',
        raw: true,
      };
      const error = await failure(ourClient().call(request));
      expect(error).toMatchObject({
        code: 500,
        detail: expect.stringMatching(/^unsupported Content-Type: text\/x-nope$/i),
      });
    });

    it('gets our metadata, spelled as HTTP spells it', async () => {
      const request = { service: greeter.name, endpoint: 'Say.Meta', body: {} };
      const metadata = { 'micro-bot-user': 'U1', Plain: 'hé ✓' };
      const { headers } = await ourClient().call<{ headers: Record<string, string> }>(request, { metadata });
      expect(headers).toMatchObject({
        'Micro-Bot-User': 'U1',
        Plain: 'hé ✓',
        'Micro-Service': greeter.name,
        'Micro-Endpoint': 'Say.Meta',
        'Micro-From-Service': 'interop',
      });
    });

    it('is asked again after a 500', async () => {
      const request = { service: greeter.name, endpoint: 'Say.Flaky', body: { name: 'Ann' } };
      expect(await ourClient().call(request)).toEqual({ msg: 'Hello again Ann' });
    });

    it('is given up when the time is over', async () => {
      const request = { service: greeter.name, endpoint: 'Say.Slow', body: {} };
      const error = await failure(ourClient().call(request, { timeoutMs: 300, retries: 0 }));
      expect([0, 408]).toContain(error.code);
      expect(error.detail).toContain('deadline exceeded');
    });

    it(release === 'v6' ? 'has nobody who says how it is' : 'says in protobuf that it is well', async () => {
      const request = {
        service: greeter.name,
        endpoint: 'Debug.Health',
        contentType: 'application/protobuf',
        requestSchema: healthRequest,
        responseSchema: healthResponse,
      };
      const answer = ourClient().call(request);
      if (release !== 'v6') expect(await answer).toEqual({ status: 'ok' });
      else expect(await failure(answer)).toMatchObject({ code: 0, detail: "rpc: can't find service Debug" });
    });

    // v2 and v6 write the next message over one that is still waiting to be sent: some come twice, some are broken.
    it('streams as fast as it can: all of it, or an end', async () => {
      const request = { service: greeter.name, endpoint: 'Count.Up' };
      const stream = await ourClient().stream<{ readonly n: number }>(request, { timeoutMs: 10_000 });
      const heard: number[] = [];
      await stream.send({ to: 100 });
      let error: unknown;
      try {
        for await (const { n } of stream) heard.push(n);
      } catch (thrown) {
        error = thrown;
      }
      if (release === 'v1') expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
      if (error !== undefined) expect(error).toMatchObject({ id: expect.stringContaining('go.micro.client') });
      expect(heard.filter((n) => !(n >= 1 && n <= 100))).toEqual([]);
      expect(heard.length).toBeLessThanOrEqual(100);
    });

    it('has two nodes, of which one dies: the other one serves', async () => {
      const other = await serveGo(release, 'greeter', greeter.name);
      const client = ourClient();
      const request = { service: greeter.name, endpoint: 'Say.Meta', body: {} };
      const local = async (): Promise<string | undefined> =>
        (await client.call<{ headers: Record<string, string> }>(request, { retries: 20, backoff: () => 20 })).headers[
          'Local'
        ];
      await until(async () => (await local()) === greeter.address);
      await until(async () => (await local()) === other.address);
      await greeter.kill();
      expect(await Promise.all(Array.from({ length: 5 }, local))).toEqual(Array(5).fill(other.address));
    });

    it('is lost when it dies, and the next one is found', async () => {
      const client = ourClient();
      const request = { service: greeter.name, endpoint: 'Say.Hello', body: { name: 'Ann' } };
      await client.call(request);
      await greeter.kill();
      expect((await failure(client.call(request, { address: greeter.address }))).code).toBe(500);
      await serveGo(release, 'greeter', greeter.name, { address: greeter.address });
      expect(await client.call(request, { address: greeter.address })).toEqual({ msg: 'Hello Ann' });
    });
  });

  it('has its own time limit for what 2.9 never answers: a protobuf call that fails', async () => {
    const command = await serveGo('v2', 'command', `go.micro.bot.${unique('word')}`);
    const request = {
      service: command.name,
      endpoint: 'Command.Nope',
      contentType: 'application/protobuf',
      body: Buffer.alloc(0),
      raw: true,
    };
    const error = await failure(ourClient().call(request, { timeoutMs: 300, retries: 0 }));
    expect(error).toMatchObject({ id: 'go.micro.client', code: 408 });
  });
});

withGo('a stream of ours', () => {
  it('reads what a Go service of v1 sends, to its end', async () => {
    const greeter = await serveGo('v1', 'greeter', unique('go.micro.srv.greeter'));
    const stream = await ourClient().stream({ service: greeter.name, endpoint: 'Count.Up', body: { to: 3 } });
    const numbers: unknown[] = [];
    for await (const number of stream) numbers.push(number);
    expect(numbers).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});
