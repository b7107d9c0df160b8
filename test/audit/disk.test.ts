import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { about, told } from '../contract/audit.ts';
import { withServer } from '../support/needs.ts';
import { recordedLog } from '../support/recorded.ts';
import { until } from '../support/until.ts';
import { missingMounts, smallDisk } from './mount.ts';
import { full, over, writeUntilRefused } from './refusals.ts';
import { linesAt, newPath, numbersAside, openAt, run } from './scene.ts';

withServer(missingMounts(), 'a disk', () => {
  it('that is full: nothing half written stays, each refusal is told, and it goes on when there is room', async () => {
    const { folder } = await smallDisk(65_536);
    const path = join(folder, 'audit.ndjson');
    const log = recordedLog();
    const audit = await openAt(path, { log });
    await audit.write({ kind: 'started', ...about('1') });
    writeFileSync(join(folder, 'filler'), Buffer.alloc(40_000));
    // Where none of these has room any more, the longer note about it has none either, and the outage lasts until we end it.
    const shortest = { command: '', line: '', decision: '', room: '' };
    const wrote = await writeUntilRefused(audit, shortest, expect.stringContaining('ENOSPC'));
    expect(audit.outage).toMatchObject({ reason: expect.stringContaining('ENOSPC') });
    expect(statSync(path).size).toBe(linesAt(path).reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0));
    expect(await verifyAudit(path)).toMatchObject({ records: 1 + wrote.length, isWhole: true });
    // What began must end: this is kept until there is room.
    await expect(audit.write({ kind: 'ended', id: '1', outcome: 'done', durationMs: 1 })).rejects.toMatchObject({
      code: 'unavailable',
    });
    rmSync(join(folder, 'filler'));
    await until(() => audit.outage === undefined);
    await audit.write({ kind: 'denied', ...about('900') });
    const records = await audit.find({}, 1_000);
    expect(records.map(told)).toEqual([
      'started 1',
      ...wrote.map((id) => `started ${id}`),
      'note audit outage',
      'ended 1',
      'denied 900',
    ]);
    expect(records).toContainEqual(
      expect.objectContaining({
        details: { since: expect.any(String), reason: expect.stringContaining('ENOSPC'), lost: '3' },
      }),
    );
    expect(await audit.verify()).toMatchObject({ isWhole: true });
    expect(log.lines).toEqual([full, over]);
  });

  it('that is full in the middle of many records: all of them are refused, or none', async () => {
    const { folder } = await smallDisk(65_536);
    const path = join(folder, 'audit.ndjson');
    const audit = await openAt(path);
    const ids = Array.from({ length: 400 }, (_, index) => String(index + 1));
    const ends = await Promise.allSettled(ids.map((id) => audit.write({ kind: 'denied', ...about(id) })));
    const wrote = ids.filter((_, index) => ends[index]?.status === 'fulfilled');
    expect(wrote.length).toBeLessThan(400);
    const records = await audit.find({}, 1_000);
    expect(records.map((record) => record.kind === 'denied' && record.id)).toEqual(wrote);
    expect(await audit.verify()).toMatchObject({ isWhole: true, torn: undefined });
  });

  it('that cannot be written to any more, and then can', async () => {
    const disk = await smallDisk(1_000_000);
    const path = join(disk.folder, 'audit.ndjson');
    const audit = await openAt(path, { maxBytes: 2_000 });
    await run(audit, 1, 10);
    await audit.close();
    disk.remount('ro');
    await expect(openAt(path)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('EROFS'),
    });
    disk.remount('rw');
    const again = await openAt(path);
    expect(again.lastId).toBe(10);
  });

  it('that is full when a file is kept no longer: it goes when that was written down', async () => {
    const { folder } = await smallDisk(65_536);
    const path = join(folder, 'audit.ndjson');
    const audit = await openAt(path, { maxBytes: 1_000, keep: 1 });
    await run(audit, 1, 2);
    expect(numbersAside(path)).toEqual([1]);
    // Somebody has it twice, so that there is no more room when it goes.
    linkSync(`${path}.1`, join(folder, 'copy'));
    expect(() => writeFileSync(join(folder, 'filler'), Buffer.alloc(65_536))).toThrow('ENOSPC');
    await writeUntilRefused(audit, {}, expect.stringContaining('ENOSPC'));
    expect(numbersAside(path)).toEqual([1, 2]);
    expect(await verifyAudit(path)).toMatchObject({ isWhole: true });
    rmSync(join(folder, 'filler'));
    await until(() => audit.outage === undefined);
    expect(numbersAside(path)).toEqual([2]);
    expect(await audit.verify()).toMatchObject({ isWhole: true });
  });

  it('with no place for another file: the full one grows on', async () => {
    const { folder } = await smallDisk(1_000_000);
    const path = join(folder, 'audit.ndjson');
    const log = recordedLog();
    const audit = await openAt(path, { log, maxBytes: 1_000 });
    await run(audit, 1, 1);
    // A folder stands where the next file would be put.
    mkdirSync(`${path}.1`);
    await run(audit, 2, 9);
    expect(log.lines).toEqual(['error: the full file of the audit cannot be put aside: it grows on']);
    rmSync(`${path}.1`, { recursive: true });
    await run(audit, 10, 11);
    expect(await audit.verify()).toMatchObject({ isWhole: true, unfinished: [] });
    expect(statSync(`${path}.1`).size).toBeGreaterThan(2_000);
  });
});

describe('somebody who changes the file while it is written to', () => {
  it.each<[string, (path: string) => void]>([
    ['removed', (path) => rmSync(path)],
    [
      'replaced',
      (path) => {
        writeFileSync(`${path}.other`, '');
        renameSync(`${path}.other`, path);
      },
    ],
    ['cut off', (path) => truncateSync(path, 700)],
    ['written to', (path) => appendFileSync(path, 'somebody was here')],
  ])('is told, and does not get away with it: %s', async (how, change) => {
    const path = newPath();
    const log = recordedLog();
    const audit = await openAt(path, { log });
    await run(audit, 1, 5);
    change(path);
    await until(() => log.lines.length > 0);
    expect(log.lines).toEqual(['error: somebody else changed the file of the audit']);
    await run(audit, 6, 6);
    expect(await audit.find({ id: '6' }, 5)).toHaveLength(2);
    const [note] = (await audit.find({}, 100)).filter(({ kind }) => kind === 'note');
    expect(note).toMatchObject({ what: 'audit broken', details: { how } });
    expect((await verifyAudit(path)).isWhole).toBe(false);
  });
});
