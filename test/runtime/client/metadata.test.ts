import { describe, expect, test } from 'vitest';
import { newContext } from '../../../src/runtime/context.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { failure, newWorld, transports } from '../world.ts';

const echo = unary((_: unknown, { metadata }) => ({ ...metadata }));
const ask = { service: 'greeter', endpoint: 'Greeter.Echo' };

describe.each(transports)('metadata over %s', (_name, transport) => {
  test('arrives under canonical names and is found in any spelling', async () => {
    const world = newWorld(transport);
    const Echo = unary((_: unknown, context) => ({
      names: Object.keys(context.metadata),
      values: ['foo-bar', 'FOO-BAR', 'Foo_bar', 'nope'].map((name) => context.header(name) ?? null),
    }));
    await world.serve({ Echo });
    const answer = await world.client().call<{ names: string[]; values: string[] }>(ask, {
      metadata: { 'foo-BAR': 'a=b', foo_bar: 'é→' },
    });
    expect(answer.names).toEqual(
      expect.arrayContaining(['Foo-Bar', 'Foo_bar', 'Local', 'Remote', 'Timeout', 'Micro-Id']),
    );
    expect(answer.values).toEqual(['a=b', 'a=b', 'é→', null]);
  });

  test('says what the wire wants, and cannot be made to say otherwise', async () => {
    const world = newWorld(transport);
    await world.serve({ Echo: echo });
    const headers = await world.client({ name: 'caller' }).call<Record<string, string>>(ask, {
      metadata: { 'micro-endpoint': 'Greeter.Other', timeout: '1' },
      timeoutMs: 60_000,
    });
    expect(headers).toMatchObject({
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'Micro-Endpoint': 'Greeter.Echo',
      'Micro-Method': 'Greeter.Echo',
      'Micro-Service': 'greeter',
      'Micro-From-Service': 'caller',
      'Micro-Id': '0',
    });
    expect(Number(headers['Timeout'])).toBeGreaterThan(50_000 * 1e6);
    expect(headers['Timeout']).toMatch(/^\d+000000$/);
  });

  test('of a handler is passed on, except for what belongs to one hop', async () => {
    const world = newWorld(transport);
    const client = world.client({ name: 'middle' });
    const Relay = unary((_: unknown, context) => client.call(ask, { context, metadata: { Extra: 'yes' } }));
    await world.serve({ Echo: echo, Relay });
    const headers = await world.client({ name: 'first' }).call<Record<string, string>>(
      { service: 'greeter', endpoint: 'Greeter.Relay' },
      {
        metadata: {
          Trace: 't',
          'Micro-Topic': '',
          'Micro-Stream': '7',
          'Micro-Protocol': 'mucp',
          'X-Micro-Target': 'elsewhere',
          'Accept-Encoding': 'gzip',
          'Grpc-Timeout': '1S',
        },
      },
    );
    expect(headers).toMatchObject({
      Trace: 't',
      Extra: 'yes',
      'Micro-From-Service': 'first',
      'Micro-Endpoint': 'Greeter.Echo',
    });
    expect(Object.keys(headers).filter((name) => /topic|stream|target|protocol|encoding|grpc/i.test(name))).toEqual([]);
  });

  test('that no header can carry is refused before anything is sent', async () => {
    const world = newWorld(transport);
    let called = 0;
    const Echo = unary(() => {
      called += 1;
      return {};
    });
    await world.serve({ Echo });
    const client = world.client();
    for (const metadata of [{ Bad: 'two\r\nlines' }, { 'no token': 'x' }]) {
      expect(await failure(client.call(ask, { metadata }))).toMatchObject({
        id: 'go.micro.client.transport',
        code: 400,
      });
    }
    expect(called).toBe(0);
    await expect(client.call(ask)).resolves.toEqual({});
  });

  test('of a context made by hand is sent', async () => {
    const world = newWorld(transport);
    await world.serve({ Echo: echo });
    const context = newContext({ metadata: { 'micro-bot-user': 'asim' } });
    await expect(world.client().call(ask, { context })).resolves.toMatchObject({ 'Micro-Bot-User': 'asim' });
  });
});
