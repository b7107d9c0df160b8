import { describe, expect, test } from 'vitest';
import type { CallOptions, CallWrapper, Client } from '../../../src/runtime/client/client.ts';
import { grpcServerProtocol } from '../../../src/runtime/server/grpc/grpc.ts';
import type { ServerOptions } from '../../../src/runtime/server/micro.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { failure, newWorld } from '../world.ts';

const protocols: readonly (readonly [string, Partial<ServerOptions>])[] = [
  ['mucp', {}],
  ['grpc', { protocol: grpcServerProtocol() }],
];

const ask = { service: 'greeter', endpoint: 'Greeter.Hang' };
const longMs = 60_000;

/** A wrapper that changes options, as anybody would write it. */
const changing =
  (more: CallOptions): CallWrapper =>
  (next) =>
  (node, request, options) =>
    next(node, request, { ...options, ...more });

describe.each(protocols)('limits that a call wrapper sets count for its attempt (%s)', (_, options) => {
  interface Hanging {
    readonly client: Client;
    /** Aborts when the handler, which never answers, has begun. */
    readonly begun: AbortSignal;
    /** Whether the handler heard that its caller went away. */
    readonly isLeft: () => boolean;
  }

  async function serve(more: (begun: AbortSignal) => CallOptions): Promise<Hanging> {
    const world = newWorld();
    const begun = new AbortController();
    let left = false;
    const hang = unary((_request, { signal }) => {
      signal.addEventListener('abort', () => {
        left = true;
      });
      begun.abort();
      return new Promise(() => {});
    });
    await world.serve({ Hang: hang }, options);
    const client = world.client({ callWrappers: [changing(more(begun.signal))], defaults: { backoff: () => 0 } });
    return { client, begun: begun.signal, isLeft: () => left };
  }

  test('its time', async () => {
    const { client } = await serve(() => ({ timeoutMs: 300 }));
    const error = await failure(client.call(ask, { timeoutMs: longMs }));
    expect(error).toMatchObject({ code: 408, detail: expect.stringContaining('deadline exceeded') });
  });

  test('its signal', async () => {
    const { client, isLeft } = await serve((signal) => ({ signal }));
    const error = await failure(client.call(ask, { timeoutMs: longMs, retries: 0 }));
    expect(error).toMatchObject({ code: 408, detail: expect.stringContaining('canceled') });
    await until(isLeft);
  });

  test('but the call is over when its own time is', async () => {
    const { client } = await serve(() => ({ timeoutMs: longMs }));
    const error = await failure(client.call(ask, { timeoutMs: 300 }));
    expect(error).toMatchObject({ code: 408, detail: expect.stringContaining('deadline exceeded') });
  });

  test('and when its own signal says so', async () => {
    const { client, begun, isLeft } = await serve(() => ({ timeoutMs: longMs }));
    const error = await failure(client.call(ask, { signal: begun, timeoutMs: 2 * longMs }));
    expect(error).toMatchObject({ code: 408, detail: expect.stringContaining('canceled') });
    await until(isLeft);
  });
});
