import { expect, test } from 'vitest';
import { grpcServerProtocol } from '../../../src/runtime/server/grpc/grpc.ts';
import type { ServerOptions } from '../../../src/runtime/server/micro.ts';
import { failure, hello, newWorld } from '../world.ts';

const protocols: readonly (readonly [string, Partial<ServerOptions>])[] = [
  ['mucp', {}],
  ['grpc', { protocol: grpcServerProtocol() }],
];

test.each(protocols)('a call that finds its node after the client was closed is not made (%s)', async (_, options) => {
  const world = newWorld();
  let calls = 0;
  const count = { ...hello, handler: () => ({ calls: (calls += 1) }) };
  const { record } = await world.serve({ Hello: count }, options);
  let found: (() => void) | undefined;
  const slow = new Promise<readonly (typeof record)[]>((resolve) => {
    found = () => resolve([record]);
  });
  const client = world.client({ lookup: () => slow });
  const failed = failure(client.call({ service: 'greeter', endpoint: 'Greeter.Hello' }));
  await client.close();
  found?.();
  expect(await failed).toMatchObject({ id: 'go.micro.client', code: 500, detail: 'the client is closed' });
  expect(calls).toBe(0);
});
