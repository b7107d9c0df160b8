import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { KeptAudit } from '../../src/audit/kept.ts';
import { newDirectory, openLevel } from './level-scene.ts';

type Said = { readonly kind: 'open' } | { readonly kind: 'began' | 'ended'; readonly id: string };

const writer = fileURLToPath(new URL('writer.mjs', import.meta.url));

/** Lets a process write for so long, and kills it. Returns all that it said. */
async function killed(directory: string, ms: number, from: 'its start' | 'its opening'): Promise<readonly Said[]> {
  const child = fork(writer, [directory]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: Said[] = [];
  child.on('message', (message) => said.push(message as Said));
  const gone = once(child, 'close');
  if (from === 'its opening') await once(child, 'message');
  await wait(ms);
  child.kill('SIGKILL');
  await gone;
  return said;
}

const idsOf = (said: readonly Said[], kind: 'began' | 'ended'): readonly string[] =>
  said.flatMap((each) => (each.kind === kind ? each.id : []));

async function outcomes(audit: KeptAudit): Promise<ReadonlyMap<string, readonly string[]>> {
  const ends = new Map<string, string[]>();
  for (const record of await audit.find({}, 1_000_000)) {
    if (record.kind === 'started') expect(ends.has(record.id)).toBe(false);
    if (record.kind === 'started') ends.set(record.id, []);
    if (record.kind === 'ended') ends.get(record.id)?.push(record.outcome);
  }
  return ends;
}

it('killed at any moment, it has what was written, once, and all that began has one end', async () => {
  const directory = newDirectory();
  const began = new Set<string>();
  const ended = new Set<string>();
  for (let kill = 0; kill < 6; kill += 1) {
    const said = await killed(directory, Math.random() * 200, kill % 5 === 4 ? 'its start' : 'its opening');
    for (const id of idsOf(said, 'began')) began.add(id);
    for (const id of idsOf(said, 'ended')) ended.add(id);
  }
  const audit = await openLevel(directory);
  expect(await audit.verify()).toMatchObject({ isWhole: true, breaks: [], unfinished: [] });
  const ends = await outcomes(audit);
  for (const [id, how] of ends) expect([id, how]).toEqual([id, [ended.has(id) ? 'done' : expect.any(String)]]);
  expect([...began].filter((id) => !ends.has(id))).toEqual([]);
  expect(began.size).toBeGreaterThan(0);
  const unknown = [...ends].filter(([, [how]]) => how === 'unknown').map(([id]) => id);
  expect(unknown.length).toBeGreaterThan(0);
  expect(await audit.find({ outcome: 'unknown' }, 1_000_000)).toHaveLength(2 * unknown.length);
  expect(audit.lastId).toBe(Math.max(...[...ends.keys()].map(Number)));
});
