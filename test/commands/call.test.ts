import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badRequest } from '../../src/runtime/errors.ts';
import { type Server, unary } from '../../src/runtime/server/server.ts';
import { startMirror } from './mirror.ts';
import { say, shell } from './say.ts';
import { greeter, newWorld } from './world.ts';

const world = newWorld();
let second: Server;

beforeAll(async () => {
  await world.serve('go.micro.srv.greeter', [greeter]);
  const echo = {
    name: 'Echo',
    methods: {
      Headers: unary((_: unknown, context) => context.metadata),
      Who: unary(() => ({ node: 1 })),
      Fail: unary(() => Promise.reject(badRequest('echo', 'no <such> thing'))),
    },
  };
  await world.serve('echo', [echo]);
  second = await world.serve('echo', [{ ...echo, methods: { ...echo.methods, Who: unary(() => ({ node: 2 })) } }]);
});
afterAll(() => world.close());

const john = ['call', 'go.micro.srv.greeter', 'Say.Hello', '{"name": "John"}'];

describe('call', () => {
  test('prints the answer indented', async () => {
    const answer = '{\n\t"msg": "Hello John"\n}';
    expect(await shell(world.set, john)).toBe(answer);
    expect(await say(world.set, john.join(' '))).toBe(answer);
    expect(await say(world.set, john.join(' ').replace('call', 'query'))).toBe(answer);
    expect(await shell(world.set, ['call', 'go.micro.srv.greeter', 'Say.Hello', '{"name":', '"John"}'])).toBe(answer);
  });

  test('takes in a chat what was copied from a shell', async () => {
    const answer = '{\n\t"msg": "Hello John"\n}';
    expect(await say(world.set, `call go.micro.srv.greeter Say.Hello '{"name": "John"}'`)).toBe(answer);
    expect(await say(world.set, 'call go.micro.srv.greeter Say.Hello ‘{"name": "John"}’')).toBe(answer);
    await expect(say(world.set, `call go.micro.srv.greeter Say.Hello '{"name": 1}' 2`)).rejects.toThrow(
      /invalid character '\\'' looking/,
    );
  });

  test('sends an empty object when there is no request', async () => {
    expect(await say(world.set, 'call go.micro.srv.greeter Say.Hello')).toBe('{\n\t"msg": "Hello "\n}');
    expect(await say(world.set, 'call go.micro.srv.greeter Debug.Health')).toBe('{\n\t"status": "ok"\n}');
  });

  test('passes request and answer on without touching a digit', async () => {
    const mirror = await startMirror(world);
    const json = '{"n": 12345678901234567890, "f": 1.50e+01, "s": "\\u00e9"}';
    expect(await say(world.set, `call mirror Echo.Big ${json}`)).toBe(
      '{\n\t"n": 12345678901234567890,\n\t"f": 1.50e+01,\n\t"s": "\\u00e9"\n}',
    );
    expect(await shell(world.set, ['call', 'mirror', 'Echo.Big', json], { options: { output: 'raw' } })).toBe(json);
    expect(mirror.bodies).toEqual([json, json]);
  });

  test('shows an answer that is no JSON as it came', async () => {
    const mirror = await startMirror(world, 'not {JSON');
    expect(await say(world.set, 'call mirror Any.Thing')).toBe('not {JSON');
    expect(mirror.bodies).toEqual(['{}']);
  });

  test('prints the bytes of the answer when asked to', async () => {
    const raw = await shell(world.set, john, { options: { output: 'raw' } });
    expect(raw.trimEnd()).toBe('{"msg":"Hello John"}');
  });

  test('knows two ways of printing', async () => {
    await expect(shell(world.set, john, { options: { output: 'xml' } })).rejects.toMatchObject({
      code: 'usage',
      message: 'output is json or raw, not xml',
    });
  });

  test('sends metadata, of which the caller cannot choose who he is', async () => {
    const metadata = [
      'Foo=bar',
      'X=a=b',
      'skipped',
      '=none',
      'micro-bot-user=root',
      'Micro-Bot-Role=admin',
      'micro-from-service=boss',
      'X-Micro-Topic=boss',
    ];
    const answer = await say(world.set, 'call echo Echo.Headers', { options: { metadata }, id: 'i-1' });
    const headers = JSON.parse(answer) as Record<string, string>;
    expect(headers).toMatchObject({
      Foo: 'bar',
      X: 'a=b',
      'Micro-Bot-Input': 'slack',
      'Micro-Bot-Room': 'C1',
      'Micro-Bot-User': 'U1',
      'Micro-Bot-Command-Id': 'i-1',
    });
    expect(Object.values(headers)).not.toContain('root');
    expect(Object.values(headers)).not.toContain('admin');
    expect(Object.values(headers)).not.toContain('boss');
  });

  test('calls one instance, without discovery', async () => {
    const options = { address: second.address };
    expect(await shell(world.set, ['call', 'echo', 'Echo.Who'], { options })).toBe('{\n\t"node": 2\n}');
    await world.registry.deregister(second.record);
    expect(await shell(world.set, ['call', 'echo', 'Echo.Who'], { options })).toBe('{\n\t"node": 2\n}');
  });

  test.each([
    ['hello', "invalid character 'h' looking for beginning of value at line 1 column 1\nhello\n^"],
    [
      '{"name": John}',
      `invalid character 'J' looking for beginning of value at line 1 column 10\n{"name": John}\n         ^`,
    ],
    ['{"name": "John"', 'unexpected end of JSON input at line 1 column 16\n{"name": "John"\n               ^'],
    ['[1]', 'the request must be a JSON object, not an array'],
    ['7', 'the request must be a JSON object, not a number'],
  ])('shows where the request is wrong: %s', async (json, message) => {
    await expect(shell(world.set, ['call', 'go.micro.srv.greeter', 'Say.Hello', json])).rejects.toMatchObject({
      code: 'usage',
      message,
    });
  });

  test('needs service and endpoint', async () => {
    const message = `require service and endpoint e.g micro call greeeter Say.Hello '{"name": "john"}'`;
    await expect(shell(world.set, ['call'])).rejects.toMatchObject({ code: 'usage', message });
    await expect(shell(world.set, ['call', 'go.micro.srv.greeter'])).rejects.toMatchObject({ message });
    await expect(say(world.set, 'call go.micro.srv.greeter')).rejects.toMatchObject({ message });
  });

  test('says who failed, in the words of the error', async () => {
    await expect(shell(world.set, ['call', 'nope', 'A.B', '{}'])).rejects.toMatchObject({
      code: 'failed',
      message:
        'error calling nope.A.B: {"id":"go.micro.client","code":500,"detail":"service nope: not found","status":"Internal Server Error"}',
    });
    await expect(shell(world.set, ['call', 'echo', 'Echo.Fail'])).rejects.toMatchObject({
      message:
        'error calling echo.Echo.Fail: {"id":"echo","code":400,"detail":"no \\u003csuch\\u003e thing","status":"Bad Request"}',
    });
    await expect(shell(world.set, ['call', 'echo', 'Echo.None'])).rejects.toMatchObject({
      message: expect.stringMatching(/^error calling echo\.Echo\.None: rpc: can't find method/),
    });
  });

  test('completes services and endpoints', async () => {
    const call = world.set.find(['call'])?.command;
    const { signal } = new AbortController();
    expect(await call?.complete?.([], signal)).toEqual(['echo', 'go.micro.srv.greeter']);
    expect(await call?.complete?.(['go.micro.srv.greeter'], signal)).toEqual(['Say.Hello']);
    expect(await call?.complete?.(['go.micro.srv.greeter', 'Say.Hello'], signal)).toEqual([]);
  });
});
