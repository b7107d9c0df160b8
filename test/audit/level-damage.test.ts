import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/audit/level/database.ts';
import { levelReader } from '../../src/audit/level/reader.ts';
import { withServer } from '../support/needs.ts';
import { recordedLog } from '../support/recorded.ts';
import { fillLevel, newDirectory, openLevel } from './level-scene.ts';
import { missingMounts, smallDisk } from './mount.ts';
import { run } from './scene.ts';

type Damage = (path: string) => void;

const gone: Damage = (path) => rmSync(path);
const empty: Damage = (path) => truncateSync(path, 0);
const cutOff: Damage = (path) => truncateSync(path, Math.floor(statSync(path).size / 2));

const fileOf = (directory: string, name: RegExp): string =>
  join(directory, readdirSync(directory).find((each) => name.test(each)) ?? '');

/** What records are in: LevelDB begins another log, and another list, each time that it is opened. */
const contentsOf = (directory: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(directory)
      .filter((name) => /\.ldb$|^micro-audit$|^synced$/.test(name))
      .map((name) => [name, readFileSync(join(directory, name), 'latin1')]),
  );

describe('a database of which something is damaged', () => {
  it.each<[string, RegExp, Damage, RegExp]>([
    ['the name of its list is gone', /^CURRENT$/, gone, /is damaged: the file CURRENT is missing, .* is there$/],
    ['the name of its list is cut off', /^CURRENT$/, cutOff, /is damaged: CURRENT file does not end with newline$/],
    ['the list of its files is gone', /^MANIFEST-/, gone, /is damaged: the file MANIFEST-\d+ is missing$/],
    ['the list of its files is cut off', /^MANIFEST-/, cutOff, /is damaged: /],
    ['a table is gone', /\.ldb$/, gone, /is damaged: 1 missing files; e\.g\.: .*\.ldb$/],
    ['a table is empty', /\.ldb$/, empty, /is damaged: the file \d+\.ldb is cut off$/],
    ['a table is cut off', /\.ldb$/, cutOff, /is damaged: the file \d+\.ldb is cut off$/],
    ['nothing says whose it is', /^micro-audit$/, gone, /is no audit: there is something else in it, /],
  ])('says so, and is not begun anew: %s', async (_, name, damage, message) => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 200);
    // Opened once more, what was in the log is in a table.
    await (await openLevel(directory)).close();
    damage(fileOf(directory, name));
    const before = contentsOf(directory);
    await expect(openLevel(directory)).rejects.toMatchObject({
      name: 'AuditError',
      code: 'broken',
      message: expect.stringMatching(message),
    });
    const reading = levelReader(directory).then(async (reader) => {
      // Where the damage is met only later.
      expect(await reader.verify()).toMatchObject({ isWhole: false });
      try {
        await reader.find({}, 1_000);
      } finally {
        await reader.close();
      }
    });
    await expect(reading).rejects.toMatchObject({ name: 'CommandError', message: expect.stringMatching(message) });
    expect(contentsOf(directory)).toEqual(before);
  });

  it.each([
    ['gone', gone],
    ['empty', empty],
    ['cut off', cutOff],
  ])('misses what was in a log that is %s', async (_, damage) => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 50);
    await fillLevel(directory, 51, 60);
    damage(fileOf(directory, /\.log$/));
    const reader = await levelReader(directory);
    const missing = expect.objectContaining({ kind: 'missing' });
    expect(await reader.verify()).toMatchObject({ isWhole: false, breaks: [missing] });
    await reader.close();
    const log = recordedLog();
    const audit = await openLevel(directory, { log });
    expect(log.lines[0]).toBe('error: somebody changed the audit');
    await run(audit, 61, 61);
    expect(await audit.find({}, 1)).toMatchObject([{ kind: 'ended', id: '61' }]);
    expect((await audit.verify()).breaks).toEqual([missing]);
    // Their numbers are not given again.
    expect(audit.head.seq).toBeGreaterThan(120);
    const { length } = await audit.find({ person: '' }, 100);
    await audit.close();
    const again = await openLevel(directory);
    expect(await again.find({ person: '' }, 100)).toHaveLength(length);
  });

  it('misses all when nothing is left', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 20);
    empty(fileOf(directory, /\.log$/));
    const audit = await openLevel(directory);
    expect(await audit.verify()).toMatchObject({
      isWhole: false,
      breaks: [{ kind: 'missing', seq: 1, count: 40 }],
    });
    await audit.close();
    expect((await (await openLevel(directory)).verify()).isWhole).toBe(false);
  });

  it('that another program has open is in use', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 3);
    const db = await openDatabase(directory);
    await expect(openLevel(directory)).rejects.toMatchObject({
      code: 'in_use',
      message: `${directory} is written to by another process`,
    });
    await db.close();
    expect(await (await openLevel(directory)).verify()).toMatchObject({ records: 6, isWhole: true });
  });
});

withServer(missingMounts(), 'a database on a disk', () => {
  it('that is full cannot be opened, and is what it was when there is room', async () => {
    const { folder } = await smallDisk(1_048_576);
    const directory = join(folder, 'audit');
    await fillLevel(directory, 1, 50);
    expect(() => writeFileSync(join(folder, 'filler'), Buffer.alloc(1_048_576))).toThrow('ENOSPC');
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(openLevel(directory)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/cannot be used as the audit: .*no space left/i),
      });
    }
    rmSync(join(folder, 'filler'));
    const audit = await openLevel(directory);
    expect(audit.lastId).toBe(50);
    expect(await audit.verify()).toMatchObject({ records: 100, isWhole: true });
  });

  it('that nobody may write to says so, to who reads it, too', async () => {
    const disk = await smallDisk(1_048_576);
    const directory = join(disk.folder, 'audit');
    await fillLevel(directory, 1, 5);
    disk.remount('ro');
    const message = expect.stringMatching(/cannot be used as the audit: .*read-only file system/i);
    await expect(openLevel(directory)).rejects.toMatchObject({ code: 'unavailable', message });
    await expect(levelReader(directory)).rejects.toMatchObject({ name: 'CommandError', message });
    disk.remount('rw');
    expect(await (await openLevel(directory)).verify()).toMatchObject({ records: 10, isWhole: true });
  });
});
