import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { about, told } from '../contract/audit.ts';
import { withServer } from '../support/needs.ts';
import { recordedLog } from '../support/recorded.ts';
import { until } from '../support/until.ts';
import { newDirectory, openLevel } from './level-scene.ts';
import { missingMounts, smallDisk } from './mount.ts';
import { full, over, writeUntilRefused } from './refusals.ts';
import { run } from './scene.ts';

withServer(missingMounts(), 'a disk under LevelDB', () => {
  it('that is full: each refusal is told, it can be read meanwhile, and it goes on when there is room', async () => {
    const { folder } = await smallDisk(4_194_304);
    const directory = join(folder, 'audit');
    const log = recordedLog();
    const audit = await openLevel(directory, { log });
    await audit.write({ kind: 'started', ...about('1') });
    writeFileSync(join(folder, 'filler'), Buffer.alloc(3_900_000));
    const wrote = await writeUntilRefused(audit, { line: 'x'.repeat(2_000) });
    expect(audit.outage).toMatchObject({ reason: expect.stringMatching(/no space left/i) });
    const begun = ['started 1', ...wrote.map((id) => `started ${id}`)];
    expect((await audit.find({ person: 'ann' }, 1_000)).map(told)).toEqual(begun);
    expect(await audit.verify()).toMatchObject({ records: begun.length, isWhole: true });
    // What began must end: this is kept until there is room.
    await expect(audit.write({ kind: 'ended', id: '1', outcome: 'done', durationMs: 1 })).rejects.toMatchObject({
      code: 'unavailable',
    });
    rmSync(join(folder, 'filler'));
    await until(() => audit.outage === undefined);
    await audit.write({ kind: 'denied', ...about('900') });
    const records = await audit.find({}, 1_000);
    expect(records.map(told)).toEqual([...begun, 'note audit outage', 'ended 1', 'denied 900']);
    expect(await audit.verify()).toMatchObject({ isWhole: true });
    expect(log.lines).toEqual([full, over]);
    // What came behind the failure is there when it is opened again, too.
    await audit.close();
    const again = await openLevel(directory);
    expect(await again.find({ id: '900' }, 5)).toHaveLength(1);
    expect(again.lastId).toBe(900);
    expect(await again.verify()).toMatchObject({ isWhole: true, unfinished: [] });
  });

  it('that cannot be written to any more, and then can', async () => {
    const disk = await smallDisk(4_000_000);
    const directory = join(disk.folder, 'audit');
    const audit = await openLevel(directory);
    await run(audit, 1, 10);
    await audit.close();
    disk.remount('ro');
    await expect(openLevel(directory)).rejects.toMatchObject({ code: 'unavailable' });
    disk.remount('rw');
    expect((await openLevel(directory)).lastId).toBe(10);
  });
});

describe('a directory that somebody takes away while it is written to', () => {
  it.each<[string, (directory: string) => void]>([
    ['removed', (directory) => rmSync(directory, { recursive: true })],
    ['removed', (directory) => renameSync(directory, `${directory}.old`)],
    [
      'replaced',
      (directory) => {
        renameSync(directory, `${directory}.old`);
        mkdirSync(directory);
        for (const name of ['micro-audit', 'CURRENT']) writeFileSync(join(directory, name), '');
      },
    ],
  ])('is told: %s', async (how, change) => {
    const directory = newDirectory();
    const log = recordedLog();
    const audit = await openLevel(directory, { log });
    await run(audit, 1, 5);
    change(directory);
    if (how === 'replaced') {
      // Nothing is recorded there until somebody looks after it.
      await until(() => audit.outage?.reason.includes('another audit stands in') === true);
      rmSync(directory, { recursive: true });
      renameSync(`${directory}.old`, directory);
      await until(() => audit.outage === undefined);
      await run(audit, 6, 6);
      expect(await audit.find({}, 100)).toContainEqual(
        expect.objectContaining({ what: 'audit broken', details: { how } }),
      );
      expect(await audit.verify()).toMatchObject({ isWhole: true });
      return;
    }
    await until(() => log.lines.length > 0);
    expect(log.lines).toEqual(['error: somebody else changed the file of the audit']);
    await run(audit, 6, 6);
    expect(await audit.find({ id: '6' }, 5)).toHaveLength(2);
    expect(await audit.find({}, 100)).toContainEqual(
      expect.objectContaining({ what: 'audit broken', details: { how } }),
    );
    expect((await audit.verify()).isWhole).toBe(false);
    expect(existsSync(join(directory, 'micro-audit'))).toBe(true);
  });
});

describe('what nobody may write to', () => {
  it('says so', async () => {
    await expect(openLevel('/proc/self/audit')).rejects.toMatchObject({ code: 'unavailable' });
    const directory = newDirectory();
    await (await openLevel(directory)).close();
    chmodSync(directory, 0o755);
    // What was made by its owner for others stays so.
    await (await openLevel(directory)).close();
    expect(statSync(directory).mode & 0o777).toBe(0o755);
    expect(readdirSync(directory)).toContain('micro-audit');
  });
});
