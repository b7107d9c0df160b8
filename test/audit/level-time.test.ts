import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditEvent, AuditFilter } from '../../src/audit/audit.ts';
import { levelReader } from '../../src/audit/level/reader.ts';
import { memoryAudit } from '../../src/audit/memory.ts';
import { about, told } from '../contract/audit.ts';
import { newDirectory, openLevel, tamper } from './level-scene.ts';
import { allBlocks } from '../../src/audit/level/key.ts';

const begin = Date.parse('2026-11-21T12:00:00.000Z');
const minute = 60_000;

/** The same each time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Moment {
  readonly at: number;
  readonly event: AuditEvent;
}

/** Days of a bot: some invocations run for long, some never end, and the clock is set back now and then. */
function moments(seed: number, count: number): readonly Moment[] {
  const random = createRandom(seed);
  const running: string[] = [];
  const all: Moment[] = [];
  let now = begin;
  for (let id = 1; all.length < count; id += 1) {
    if (random(8) === 0) now += random(10) * minute;
    if (random(700) === 0) now -= random(120) * minute;
    const own = String(id);
    const person = ['ann', 'ben', 'eve'][random(3)] ?? '';
    all.push({ at: now, event: { kind: random(20) === 0 ? 'denied' : 'started', ...about(own, { person }) } });
    if (all.at(-1)?.event.kind === 'started') running.push(own);
    while (running.length > 0 && random(2) === 0) {
      // Mostly the newest; now and then one that began long ago.
      const at = random(50) === 0 ? random(running.length) : running.length - 1;
      const [ended = ''] = running.splice(at, 1);
      if (random(30) !== 0) all.push({ at: now, event: { kind: 'ended', id: ended, outcome: 'done', durationMs: 1 } });
    }
  }
  return all;
}

function filters(seed: number, last: number): readonly AuditFilter[] {
  const random = createRandom(seed);
  const some = (): number => begin + random(last - begin);
  return Array.from({ length: 12 }, (_, index): AuditFilter => {
    const person = index % 3 === 0 ? 'eve' : undefined;
    const outcome = index % 7 === 0 ? 'done' : undefined;
    const [since, until] = [some(), some()].sort((one, other) => one - other);
    return [
      { since, person },
      { until, outcome },
      { since, until, person, outcome },
      { since, until: (since ?? 0) + minute },
    ][index % 4] as AuditFilter;
  });
}

describe('questions about a time', () => {
  it.each([1, 2])('have the answers that reading everything has: %i', async (seed) => {
    const directory = newDirectory();
    let now = begin;
    const memory = memoryAudit({ now: () => now });
    onTestFinished(() => memory.close());
    const all = moments(seed, 3_400);
    const half = 1_300 + seed * 300;
    for (const part of [all.slice(0, half), all.slice(half)]) {
      const audit = await openLevel(directory, { now: () => now });
      // What was running when it was closed has ended by now: in both, and once.
      const unfinished = new Set(audit.unfinished.map(({ id }) => id));
      for (const id of unfinished) {
        await memory.write({ kind: 'ended', id, outcome: 'unknown', durationMs: 0 });
      }
      let writing: Promise<void>[] = [];
      for (const { at, event } of part) {
        if (event.kind === 'ended' && unfinished.has(event.id)) continue;
        if (at !== now) await Promise.all(writing);
        if (at !== now) writing = [];
        now = at;
        writing.push(audit.write(event), memory.write(event));
      }
      await Promise.all(writing);
      if (part.at(-1) === all.at(-1)) {
        expect(audit.head).toEqual(memory.head);
        for (const filter of filters(seed, Math.max(...all.map(({ at }) => at)))) {
          for (const most of [3, 10_000]) {
            expect([filter, (await audit.find(filter, most)).map(told)]).toEqual([
              filter,
              (await memory.find(filter, most)).map(told),
            ]);
          }
        }
        expect((await audit.verify()).isWhole).toBe(true);
      }
      await audit.close();
    }
    const reader = await levelReader(directory);
    for (const filter of filters(seed + 10, now).slice(0, 12)) {
      const lines: string[] = [];
      for await (const some of reader.export(filter)) lines.push(...some);
      expect([filter, lines.map((line) => JSON.parse(line).hash)]).toEqual([
        filter,
        (await memory.find(filter, 10_000)).map(({ hash }) => hash),
      ]);
    }
    await reader.close();
  });

  it('are answered also when somebody takes away what is known of times, and that is found out', async () => {
    const directory = newDirectory();
    let now = begin;
    const audit = await openLevel(directory, { now: () => now });
    for (let id = 1; id <= 3; id += 1) {
      now += 60 * minute;
      const some = Array.from({ length: 1_200 }, (_, index) => `${id}0000${index}`);
      await Promise.all(some.map((each) => audit.write({ kind: 'denied', ...about(each) })));
    }
    const filter = { until: begin + 90 * minute };
    const found = await audit.find(filter, 3);
    expect(found).toHaveLength(3);
    await audit.close();
    await tamper(directory, async (db) => {
      for (const key of await db.keys(allBlocks).all()) await db.del(key);
    });
    const again = await openLevel(directory);
    expect(await again.find(filter, 3)).toEqual(found);
    expect(await again.verify()).toMatchObject({
      isWhole: false,
      breaks: [
        { kind: 'unindexed', line: 1_024 },
        { kind: 'unindexed', line: 2_048 },
        { kind: 'unindexed', line: 3_072 },
      ],
    });
  });
});
