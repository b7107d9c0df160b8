import { fileURLToPath } from 'node:url';
import { startChild } from '../lib/child.mjs';

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
const GRACE_MS = 20_000;
const PRIME_MS = 100;

/** A contestant's server and client, in processes of their own, connected and having answered one call. */
export async function startPair(name) {
  const server = await startChild(worker, ['server', name]);
  try {
    const client = await startChild(worker, ['client', name, JSON.stringify(server.ready)]);
    return pair(name, server, client);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

const pair = (name, server, client) => {
  const load = (concurrency, durationMs) => client.ask({ concurrency, durationMs }, durationMs + GRACE_MS);
  return {
    name,
    warmUp: (durationMs) => load(16, durationMs),
    async measure(concurrency, durationMs) {
      await load(concurrency, PRIME_MS);
      const before = await server.ask({ usage: true });
      const measured = await load(concurrency, durationMs);
      const after = await server.ask({ usage: true });
      const { residentMb } = await client.ask({ usage: true });
      return {
        ...measured,
        clientCpuUs: measured.cpuUs / measured.calls,
        serverCpuUs: (after.cpuUs - before.cpuUs) / measured.calls,
        clientMb: residentMb,
        serverMb: after.residentMb,
      };
    },
    async stop() {
      await client.stop();
      await server.stop();
    },
  };
};
