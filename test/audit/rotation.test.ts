import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../src/audit/audit.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import { about } from '../contract/audit.ts';
import { fill, linesAt, newPath, numbersAside, openAt, run } from './scene.ts';

const maxBytes = 4_096;

const idsOf = (records: readonly AuditRecord[]): readonly string[] =>
  records.flatMap((record) => (record.kind === 'started' ? record.id : []));

describe('a full file', () => {
  it('is put aside, and the chain goes on in the next', async () => {
    const path = newPath();
    const audit = await openAt(path, { maxBytes });
    await run(audit, 1, 60);
    const aside = numbersAside(path);
    expect(aside.length).toBeGreaterThan(3);
    expect(aside).toEqual(aside.map((_, index) => index + 1));
    for (const number of aside) expect(statSync(`${path}.${number}`).size).toBeLessThan(2 * maxBytes);
    const [first = ''] = linesAt(path);
    expect(first).toContain(JSON.parse(linesAt(`${path}.${aside.at(-1)}`).at(-1) ?? '').hash);
    const report = await audit.verify(audit.head.hash);
    expect(report).toMatchObject({ records: 120 + aside.length, isWhole: true, found: audit.head.seq });
    expect(idsOf(await audit.find({ person: 'ann' }, 1_000))).toEqual(
      Array.from({ length: 60 }, (_, index) => `${index + 1}`),
    );
    expect(idsOf(await audit.find({ id: '2' }, 10))).toEqual(['2']);
  });

  it('stays as long as nobody says how many are kept; then the oldest go, which is written down', async () => {
    const path = newPath();
    await fill(path, 1, 60, { maxBytes });
    const before = numbersAside(path).length;
    const audit = await openAt(path, { maxBytes, keep: 2 });
    await run(audit, 61, 90);
    const kept = numbersAside(path);
    expect(kept).toHaveLength(2);
    expect(kept[0]).toBeGreaterThan(before - 1);
    const report = await audit.verify();
    expect(report).toMatchObject({ isWhole: true, breaks: [] });
    expect(report.first?.seq).toBeGreaterThan(1);
  });

  it('is missed when somebody else takes it away', async () => {
    const path = newPath();
    await fill(path, 1, 60, { maxBytes });
    rmSync(`${path}.1`);
    expect((await verifyAudit(path)).breaks).toMatchObject([{ kind: 'missing', seq: 1 }]);
    rmSync(`${path}.3`);
    expect((await verifyAudit(path)).breaks).toMatchObject([{ kind: 'missing', seq: 1 }, { kind: 'missing' }]);
  });

  it('is told when somebody exchanged it before the bot came back', async () => {
    const path = newPath();
    await fill(path, 1, 60, { maxBytes });
    const last = numbersAside(path).at(-1) ?? 0;
    renameSync(`${path}.1`, `${path}.${last}`);
    const audit = await openAt(path);
    expect(await audit.find({}, 1)).toMatchObject([{ kind: 'note', what: 'audit broken' }]);
  });
});

describe('opened again behind a full file', () => {
  it('knows what began in an older file and did not end', async () => {
    const path = newPath();
    const before = await openAt(path, { maxBytes });
    await before.write({ kind: 'started', ...about('5000', { line: 'watch health' }) });
    await run(before, 1, 60);
    await before.close();
    const audit = await openAt(path, { maxBytes });
    expect(audit).toMatchObject({ lastId: 5_000, unfinished: [{ id: '5000', line: 'watch health' }] });
    expect(await audit.find({ id: '5000' }, 10)).toMatchObject([
      { kind: 'started' },
      { kind: 'ended', outcome: 'unknown' },
    ]);
  });

  it.each([
    ['there is no other', false],
    ['the other is empty', true],
  ])('goes on when it was killed at that moment: %s', async (_, isThere) => {
    const path = newPath();
    const before = await openAt(path);
    await before.write({ kind: 'started', ...about('41') });
    await run(before, 1, 3);
    const { head } = before;
    await before.close();
    renameSync(path, `${path}.1`);
    if (isThere) writeFileSync(path, '');
    const audit = await openAt(path);
    expect(audit).toMatchObject({ lastId: 41, unfinished: [{ id: '41' }] });
    expect(await audit.verify(head.hash)).toMatchObject({ isWhole: true, found: 7, unfinished: [] });
    await audit.close();
    expect(await openAt(path)).toMatchObject({ lastId: 41, unfinished: [] });
  });
});
