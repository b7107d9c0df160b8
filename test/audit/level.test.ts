import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordKey } from '../../src/audit/level/key.ts';
import { about, auditContract, told } from '../contract/audit.ts';
import { micro } from '../support/micro.ts';
import { recordedLog } from '../support/recorded.ts';
import { fillLevel, newDirectory, openLevel, tamper } from './level-scene.ts';
import { run } from './scene.ts';

auditContract('LevelDB', (now) => openLevel(newDirectory(), { now }));

describe('an audit in LevelDB, opened again', () => {
  it('goes on where it was, for nobody else to read', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 3);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const audit = await openLevel(directory);
    expect(audit).toMatchObject({ lastId: 3, unfinished: [], head: { seq: 6 } });
    await run(audit, 4, 4);
    expect((await audit.find({}, 100)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await audit.find({ person: 'ann', outcome: 'done' }, 100)).map(({ seq }) => seq)).toHaveLength(8);
    expect((await audit.verify()).isWhole).toBe(true);
  });

  it('tells what was running, which has ended as unknown', async () => {
    const directory = newDirectory();
    const before = await openLevel(directory);
    await before.write({ kind: 'started', ...about('7', { line: 'deploy a', person: 'a b' }) });
    await run(before, 8, 9);
    await before.close();
    const log = recordedLog();
    const audit = await openLevel(directory, { log });
    expect(audit.unfinished).toMatchObject([{ kind: 'started', id: '7', line: 'deploy a' }]);
    expect(audit.lastId).toBe(9);
    expect((await audit.find({ outcome: 'unknown', person: 'a b' }, 9)).map(told)).toEqual(['started 7', 'ended 7']);
    expect(log.lines).toEqual(['warn: it is not known what became of what ran when the bot went down']);
    await audit.close();
    expect(await openLevel(directory)).toMatchObject({ unfinished: [], lastId: 9 });
  });

  it('finds what is far apart, and what several things together are about', async () => {
    const audit = await openLevel(newDirectory());
    await audit.write({ kind: 'started', ...about('1', { person: 'eve', room: 'C9' }) });
    const many = Array.from({ length: 3_000 }, (_, index) => index + 2);
    await Promise.all(
      many.map((id) => {
        const person = id % 1_000 === 0 ? 'eve' : 'ann';
        const room = id % 3 === 0 ? 'C9' : 'C1';
        return audit.write({ kind: 'started', ...about(String(id), { person, room }) });
      }),
    );
    await audit.write({ kind: 'ended', id: '1', outcome: 'failed', durationMs: 1 });
    expect((await audit.find({ person: 'eve' }, 10)).map(told)).toEqual([
      'started 1',
      'started 1000',
      'started 2000',
      'started 3000',
      'ended 1',
    ]);
    expect((await audit.find({ person: 'eve', room: 'C9' }, 10)).map(told)).toEqual([
      'started 1',
      'started 3000',
      'ended 1',
    ]);
    expect((await audit.find({ person: 'eve', room: 'C9', outcome: 'failed' }, 1)).map(told)).toEqual(['ended 1']);
    expect(await audit.find({ person: 'eve', command: 'scale' }, 10)).toEqual([]);
    expect(await audit.find({ person: 'ann', room: 'C9' }, 5_000)).toHaveLength(999);
  });

  it('is not of the same thing because a name begins or is written like another', async () => {
    const audit = await openLevel(newDirectory());
    const names = ['ann', 'ann!', 'an', 'ann~', '', 'ann'.repeat(100), 'ann'.repeat(101), '=', 'żółw'];
    for (const [index, person] of names.entries()) {
      await audit.write({ kind: 'denied', ...about(String(index), { person }) });
    }
    for (const [index, person] of names.entries()) {
      expect((await audit.find({ person }, 10)).map(told)).toEqual([`denied ${index}`]);
    }
  });
});

describe('somebody who changes the database', () => {
  it.each<[string, string | undefined, string]>([
    ['changed', 'ben', 'changed'],
    ['taken out', undefined, 'missing'],
  ])('is found out: a record was %s', async (_, person, kind) => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 3);
    await tamper(directory, async (db) => {
      const line = (await db.get(recordKey(3))) ?? '';
      await (person === undefined ? db.del(recordKey(3)) : db.put(recordKey(3), line.replace('"ann"', `"${person}"`)));
    });
    const log = recordedLog();
    const audit = await openLevel(directory, { log });
    expect(log.lines).toEqual(['error: somebody changed the audit']);
    expect((await audit.verify()).breaks).toContainEqual(expect.objectContaining({ kind, seq: 3 }));
    await run(audit, 4, 4);
    await audit.close();
    const again = await openLevel(directory);
    expect((await again.find({}, 100)).filter((each) => each.kind === 'note')).toHaveLength(1);
    expect((await again.verify()).isWhole).toBe(false);
  });

  it('is found out who hides what somebody did', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 3);
    await tamper(directory, async (db) => {
      const keys = await db.keys({ gte: 'i!person!ann!', lt: 'i!person!ann!~' }).all();
      for (const key of keys.filter((each) => each.endsWith('3'))) await db.del(key);
    });
    const audit = await openLevel(directory);
    expect(await audit.verify()).toMatchObject({
      isWhole: false,
      breaks: [{ kind: 'unindexed', line: 3, seq: 3, file: directory }],
    });
  });

  it('is found out who changes some bytes of a file', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 400);
    // Opened once more, what was in the log is in a table.
    await (await openLevel(directory)).close();
    const table = join(directory, readdirSync(directory).find((name) => name.endsWith('.ldb')) ?? '');
    const whole = readFileSync(table);
    for (const part of [0.2, 0.4, 0.6]) {
      const bytes = Buffer.from(whole);
      // More than the sums between the blocks, which LevelDB does not look at.
      const middle = Math.floor(bytes.length * part);
      for (let at = middle; at < middle + 32; at += 1) bytes.writeUInt8(bytes.readUInt8(at) ^ 0x55, at);
      writeFileSync(table, bytes);
      // In a process of its own: what is changed so may be taken for something that LevelDB gives up at.
      expect((await micro(['audit', 'verify', `level:${directory}`])).code).not.toBe(0);
    }
  });

  it('is told when a part of the newest cannot be read', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 40);
    const name = readdirSync(directory).find((each) => each.endsWith('.log')) ?? '';
    const bytes = readFileSync(join(directory, name));
    bytes.write('somebody was here', 2_000);
    writeFileSync(join(directory, name), bytes);
    const log = recordedLog();
    const audit = await openLevel(directory, { log });
    expect(log.lines).toContain('error: a part of the audit cannot be read');
    expect(await audit.find({}, 100)).toContainEqual(
      expect.objectContaining({
        what: 'audit broken',
        details: { how: expect.stringMatching(/^unreadable: \d+ bytes$/) },
      }),
    );
    expect((await audit.verify()).isWhole).toBe(false);
  });
});

describe('a directory', () => {
  it.each([
    ['of something else', (path: string) => writeFileSync(join(path, 'notes.txt'), 'x')],
    ['of another database', (path: string) => writeFileSync(join(path, 'CURRENT'), 'MANIFEST-000001\n')],
    ['of another version', (path: string) => writeFileSync(join(path, 'micro-audit'), '3\n')],
  ])('is left alone: %s', async (_, put) => {
    const directory = newDirectory();
    mkdirSync(directory);
    put(directory);
    const before = readdirSync(directory);
    await expect(openLevel(directory)).rejects.toMatchObject({ name: 'AuditError', code: 'broken' });
    expect(readdirSync(directory)).toEqual(before);
  });

  it('that is a file is left alone', async () => {
    const directory = newDirectory();
    writeFileSync(directory, 'deploy: all\n');
    await expect(openLevel(directory)).rejects.toMatchObject({ code: 'broken' });
    expect(readFileSync(directory, 'utf8')).toBe('deploy: all\n');
    await expect(openLevel(join(directory, 'audit'))).rejects.toMatchObject({ name: 'AuditError' });
  });

  it('without the file that leads to all others keeps those', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 3);
    rmSync(join(directory, 'CURRENT'));
    const before = readdirSync(directory);
    await expect(openLevel(directory)).rejects.toMatchObject({
      code: 'broken',
      message: expect.stringContaining('the file CURRENT is missing'),
    });
    expect(readdirSync(directory)).toEqual(before);
  });

  it('with a damaged list of its files says so', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 3);
    writeFileSync(join(directory, 'CURRENT'), 'nothing');
    await expect(openLevel(directory)).rejects.toMatchObject({ code: 'broken' });
  });

  it('is begun in, when it is empty or was left half made', async () => {
    const directory = newDirectory();
    mkdirSync(directory);
    for (const name of ['micro-audit', 'LOCK', 'LOG']) writeFileSync(join(directory, name), '');
    await fillLevel(directory, 1, 1);
    expect(await openLevel(directory)).toMatchObject({ lastId: 1 });
  });

  it('belongs to one at a time', async () => {
    const directory = newDirectory();
    const audit = await openLevel(directory);
    await expect(openLevel(directory)).rejects.toMatchObject({
      code: 'in_use',
      message: `${directory} is written to by the process ${process.pid}`,
    });
    await audit.close();
    await openLevel(directory);
    expect(readdirSync(dirname(directory))).toEqual(['audit']);
  });
});
