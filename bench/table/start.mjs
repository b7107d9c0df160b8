import { fileURLToPath } from 'node:url';
import { startChild } from '../lib/child.mjs';
import { goProgram } from '../lib/go.mjs';
import { startNats } from '../lib/nats.mjs';
import { startProgram } from '../lib/program.mjs';

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
const GRACE_MS = 20_000;

/** A row's processes, connected and having answered one call. */
export async function startRow(row) {
  const parts = [];
  const stop = async () => {
    for (const part of parts.toReversed()) await part.stop();
  };
  const up = async (starting) => {
    const part = await starting;
    parts.push(part);
    return part;
  };
  try {
    const client = row.go === undefined ? await ours(row, up) : await theirs(row, up);
    const measure = (concurrency, durationMs) => client.ask({ concurrency, durationMs }, durationMs + GRACE_MS);
    return { name: row.name, measure, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ours(row, up) {
  const nats = row.transport === 'nats' ? (await up(startNats())).url : undefined;
  const text = JSON.stringify({ ...row, nats });
  const { ready } = row.transport === 'memory' ? { ready: true } : await up(startChild(worker, ['server', text]));
  return up(startChild(worker, ['client', text, JSON.stringify(ready)]));
}

async function theirs({ go, codec }, up) {
  const program = goProgram();
  const { ready: address } = await up(startProgram(program, ['server', go]));
  return up(startProgram(program, ['client', go, codec, address]));
}
