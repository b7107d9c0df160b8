import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Node, ServiceRecord } from '../../src/discovery/registry.ts';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import { streaming } from '../../src/runtime/server/server.ts';
import { newWorld } from '../runtime/world.ts';
import { until } from '../support/until.ts';

const protocols = ['mucp', 'grpc'] as const;

/** In a process of its own: a server that has no time for anything else any more could not even be stopped. */
async function endless(protocol: string): Promise<readonly Node[]> {
  const script = fileURLToPath(new URL('../fixtures/endless.mjs', import.meta.url));
  const child = fork(script, [protocol]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [record] = (await once(child, 'message')) as [ServiceRecord];
  return record.nodes;
}

test.each(
  protocols,
)('%s: a handler that never waits for anything leaves time for others, and ends when its reader leaves', async (protocol) => {
  const nodes = await endless(protocol);
  const client = newWorld().client();
  const other = newWorld().client();
  const ask = (): Promise<{ readonly left: number }> =>
    other.call({ service: 'endless', endpoint: 'Endless.Left' }, { nodes, retries: 0 });
  for (const round of [1, 2, 3]) {
    const stream = await client.stream<{ readonly n: number }>(
      { service: 'endless', endpoint: 'Endless.Count', body: {} },
      { nodes },
    );
    let isAsked = false;
    for await (const { n } of stream) {
      if (n === 1000) {
        void ask().then(
          () => (isAsked = true),
          () => stream.close(),
        );
      }
      if (isAsked) break;
    }
    expect(isAsked).toBe(true);
    await until(async () => (await ask()).left === round);
  }
});

test.each(
  protocols,
)('%s: a caller that sends without end still hears the time and the other side', async (protocol) => {
  const world = newWorld();
  const seen = { messages: 0, turns: 0 };
  const Eat = streaming(async function* (numbers) {
    for await (const _ of numbers) if ((seen.messages += 1) === 1000) yield { enough: true };
  });
  await world.serve({ Eat }, protocol === 'grpc' ? { protocol: grpcServerProtocol() } : {});
  const stream = await world.client().stream({ service: 'greeter', endpoint: 'Greeter.Eat' });
  setImmediate(() => {
    seen.turns += 1;
  });
  let sent = 0;
  for (; seen.turns === 0 && sent < 10_000; sent += 1) await stream.send({ n: sent });
  expect(seen.turns).toBe(1);
  for (; seen.messages < 1000; sent += 1) await stream.send({ n: sent });
  for await (const answer of stream) {
    expect(answer).toEqual({ enough: true });
    break;
  }
  await stream.close();
});
