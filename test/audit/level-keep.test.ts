import { describe, expect, it } from 'vitest';
import type { KeptAudit } from '../../src/audit/kept.ts';
import { allIndex, placeOf, recordKey } from '../../src/audit/level/key.ts';
import { about } from '../contract/audit.ts';
import { newDirectory, openLevel, tamper } from './level-scene.ts';

const maxBytes = 400_000;

/** Invocations `from` to `to`, many at a time. */
async function runMany(audit: KeptAudit, from: number, to: number): Promise<void> {
  for (let id = from; id <= to; id += 50) {
    const some = Array.from({ length: Math.min(50, to + 1 - id) }, (_, index) => String(id + index));
    await Promise.all(some.map((each) => audit.write({ kind: 'started', ...about(each) })));
    await Promise.all(some.map((each) => audit.write({ kind: 'ended', id: each, outcome: 'done', durationMs: 1 })));
  }
}

/** What is in the index of records that are not there. */
async function leftOver(directory: string): Promise<readonly string[]> {
  const over: string[] = [];
  await tamper(directory, async (db) => {
    for (const key of await db.keys(allIndex).all()) {
      if (!key.startsWith('i!block!') && !(await db.has(recordKey(placeOf(key))))) over.push(key);
    }
  });
  return over;
}

describe('an audit in LevelDB of which not all is kept', () => {
  it('loses its oldest records, which is written down, and the rest is whole', async () => {
    const directory = newDirectory();
    const audit = await openLevel(directory, { maxBytes, keep: 2 });
    for (const id of ['900001', '900002']) await audit.write({ kind: 'started', ...about(id, { person: 'eve' }) });
    await runMany(audit, 1, 2_500);
    await audit.write({ kind: 'ended', id: '900001', outcome: 'failed', durationMs: 1 });
    await runMany(audit, 2_501, 5_000);
    const report = await audit.verify(audit.head.hash);
    expect(report).toMatchObject({ isWhole: true, breaks: [], unfinished: [] });
    const first = report.first?.seq ?? 0;
    expect(first).toBeGreaterThan(5_000);
    expect(first % 1_024).toBe(1);
    expect(await audit.find({ id: '1' }, 5)).toEqual([]);
    expect(await audit.find({ until: Date.now() }, 100_000)).toHaveLength(report.records);
    expect(await audit.find({ person: '' }, 500)).toContainEqual(
      expect.objectContaining({
        what: 'audit file removed',
        details: { file: directory, upTo: String(first - 1) },
      }),
    );
    // What began in what is gone ends all the same.
    await audit.write({ kind: 'ended', id: '900002', outcome: 'done', durationMs: 1 });
    expect(await audit.find({ id: '900002' }, 5)).toMatchObject([{ kind: 'ended' }]);
    expect((await audit.verify()).isWhole).toBe(true);
    await audit.close();
    expect(await leftOver(directory)).toEqual([]);
    expect(await openLevel(directory)).toMatchObject({ lastId: 900_002, unfinished: [] });
  });

  it('keeps all as long as nobody says how much; then goes on with less', async () => {
    const directory = newDirectory();
    const all = await openLevel(directory, { maxBytes });
    await runMany(all, 1, 3_000);
    expect(await all.verify()).toMatchObject({ first: { seq: 1 }, isWhole: true });
    await all.close();
    const audit = await openLevel(directory, { maxBytes, keep: 1 });
    await runMany(audit, 3_001, 3_400);
    const report = await audit.verify();
    expect(report).toMatchObject({ isWhole: true });
    expect(report.first?.seq).toBeGreaterThan(4_000);
  });

  it('goes on with what was not done when it went down, and what runs is not forgotten', async () => {
    const directory = newDirectory();
    let audit = await openLevel(directory, { maxBytes });
    await audit.write({ kind: 'started', ...about('900001') });
    await runMany(audit, 1, 3_000);
    // It says what it does not keep, and is closed before much of that is gone.
    await audit.close();
    audit = await openLevel(directory, { maxBytes, keep: 1 });
    await audit.write({ kind: 'started', ...about('900002') });
    await audit.close();
    audit = await openLevel(directory, { maxBytes, keep: 1 });
    expect(audit).toMatchObject({ unfinished: [{ id: '900002' }] });
    expect((await audit.verify()).isWhole).toBe(true);
    await runMany(audit, 3_001, 3_400);
    const report = await audit.verify();
    expect(report).toMatchObject({ isWhole: true });
    expect(report.first?.seq).toBeGreaterThan(4_000);
    // What was written down is not written down again, nor is what is newer taken for it.
    const notes = (await audit.find({ person: '' }, 500)).filter((each) => each.kind === 'note');
    const uses = notes.filter(({ what }) => what === 'audit file removed').map(({ details }) => details['upTo']);
    expect(new Set(uses).size).toBe(uses.length);
    await audit.close();
    expect(await leftOver(directory)).toEqual([]);
  });

  it('is missed when somebody else takes away the oldest', async () => {
    const directory = newDirectory();
    const audit = await openLevel(directory);
    await runMany(audit, 1, 1_000);
    await audit.close();
    await tamper(directory, (db) => db.clear({ lte: recordKey(1_024), gte: recordKey(1) }));
    expect((await (await openLevel(directory)).verify()).breaks).toContainEqual(
      expect.objectContaining({ kind: 'missing', seq: 1, count: 1_024 }),
    );
  });
});
