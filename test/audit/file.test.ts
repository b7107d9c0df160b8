import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { about, auditContract, told } from '../contract/audit.ts';
import { recordedLog } from '../support/recorded.ts';
import { fill, linesAt, newPath, openAt, putLines, run } from './scene.ts';

auditContract('a file', (now) => openAt(newPath(), { now }));

const notesOf = (path: string): readonly string[] =>
  linesAt(path)
    .map((line) => JSON.parse(line) as { readonly what?: string })
    .flatMap(({ what }) => what ?? []);

describe('what is in the file', () => {
  it('is a record a line, for nobody else to read', async () => {
    const path = newPath();
    await fill(path, 1, 2);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const [first = ''] = linesAt(path);
    expect(first).toMatch(
      /^\{"seq":1,"at":"[^"]+","kind":"started","id":"1","person":"ann",.*,"previous":"0{64}","hash":"[0-9a-f]{64}"\}$/,
    );
    expect(linesAt(path)).toHaveLength(4);
  });

  it('can be checked by anybody who has sha256sum', async () => {
    const path = newPath();
    await fill(path, 1, 1);
    const script = `sed -E 's/,"hash":"[0-9a-f]{64}"\\}$/}/' | head -1 | tr -d '\\n' | sha256sum`;
    const sum = execFileSync('sh', ['-c', script], { input: readFileSync(path), encoding: 'utf8' });
    expect(linesAt(path)[0]).toContain(`"hash":"${sum.slice(0, 64)}"`);
  });

  it('steers no terminal that shows it', async () => {
    const path = newPath();
    const audit = await openAt(path);
    await audit.write({ kind: 'denied', ...about('1', { line: '\u001b[2J \u009b \u202e \u2028 \u007f é' }) });
    expect(readFileSync(path, 'utf8')).toMatch(/^[\n\x20-\x7eé]+$/);
  });

  it('is never longer than a line can be read', async () => {
    const path = newPath();
    const audit = await openAt(path);
    await audit.write({ kind: 'note', what: 'long', person: 'ann', details: { text: '\u0000'.repeat(1_000_000) } });
    const [record] = await audit.find({}, 1);
    expect(record).toMatchObject({ details: { text: `${'\u0000'.repeat(65_535)}…` } });
  });
});

describe('what it is given', () => {
  it('may be more than it can take: then it says so, and what began ends all the same', async () => {
    const path = newPath();
    const audit = await openAt(path);
    await audit.write({ kind: 'started', ...about('1') });
    const many = Array.from({ length: 25_000 }, (_, index) =>
      audit.write({ kind: 'note', what: 'many', person: 'ann', details: { index: String(index) } }),
    );
    const end = audit.write({ kind: 'ended', id: '1', outcome: 'done', durationMs: 1 });
    const refused = (await Promise.allSettled(many)).flatMap((each): readonly unknown[] =>
      each.status === 'rejected' ? [each.reason] : [],
    );
    await end;
    expect(refused).toHaveLength(5_000);
    expect(refused[0]).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('20000 records wait already'),
    });
    expect(audit.outage).toBeUndefined();
    expect(await audit.verify()).toMatchObject({ records: 20_002, isWhole: true, unfinished: [] });
  });

  it('may be of a program without types: nothing that comes after it is held up', async () => {
    const audit = await openAt(newPath());
    const odd = JSON.parse('{"kind":"ended","id":7,"outcome":"done","durationMs":"long"}');
    await audit.write(odd);
    await run(audit, 8, 8);
    expect((await audit.find({}, 5)).map(told)).toEqual(['ended 7', 'started 8', 'ended 8']);
    expect(await audit.find({ id: '7' }, 1)).toMatchObject([{ id: '7', durationMs: 0 }]);
  });
});

describe('opened again', () => {
  it('goes on where it was', async () => {
    const path = newPath();
    await fill(path, 1, 3);
    const audit = await openAt(path);
    expect(audit).toMatchObject({ lastId: 3, unfinished: [], head: { seq: 6 } });
    await run(audit, 4, 4);
    expect((await audit.find({}, 100)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await verifyAudit(path)).isWhole).toBe(true);
  });

  it('tells what was running, which has ended as unknown', async () => {
    const path = newPath();
    const before = await openAt(path);
    await before.write({ kind: 'started', ...about('7', { line: 'deploy a' }) });
    await run(before, 8, 9);
    await before.close();
    const log = recordedLog();
    const audit = await openAt(path, { log });
    expect(audit.unfinished).toMatchObject([{ kind: 'started', id: '7', line: 'deploy a' }]);
    expect(audit.lastId).toBe(9);
    expect(await audit.find({ outcome: 'unknown' }, 9)).toMatchObject([
      { id: '7', kind: 'started' },
      { id: '7', kind: 'ended' },
    ]);
    expect(log.lines).toEqual(['warn: it is not known what became of what ran when the bot went down']);
    await audit.close();
    expect(await openAt(path)).toMatchObject({ unfinished: [], lastId: 9 });
  });

  it('puts aside what there is of a last line, and says so', async () => {
    const path = newPath();
    await fill(path, 1, 3);
    truncateSync(path, statSync(path).size - 40);
    const [whole, cut] = [linesAt(path), readFileSync(path, 'utf8').split('\n').at(-1) ?? ''];
    expect((await verifyAudit(path)).torn).toEqual({ file: path, line: 6, bytes: cut.length });
    const audit = await openAt(path);
    const aside = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.torn-`));
    expect(aside.map((name) => readFileSync(join(dirname(path), name), 'utf8'))).toEqual([cut]);
    expect(linesAt(path).slice(0, 5)).toEqual(whole);
    expect((await audit.find({}, 100)).map(told)).toEqual([
      'started 1',
      'ended 1',
      'started 2',
      'ended 2',
      'started 3',
      'note audit torn',
      'ended 3',
    ]);
    expect(await audit.verify()).toMatchObject({ records: 7, isWhole: true });
  });

  it('gives a whole last record the break that it lacks', async () => {
    const path = newPath();
    await fill(path, 1, 1);
    truncateSync(path, statSync(path).size - 1);
    const audit = await openAt(path);
    await run(audit, 2, 2);
    expect(notesOf(path)).toEqual([]);
    expect(await audit.verify()).toMatchObject({ records: 4, isWhole: true });
  });

  it.each([
    '',
    '{"seq":1,"at',
    '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0',
  ])('begins with what a first write has left: %j', async (text) => {
    const path = newPath();
    writeFileSync(path, text);
    const audit = await openAt(path);
    await run(audit, 1, 1);
    expect((await audit.verify()).isWhole).toBe(true);
  });

  it.each([
    'deploy: all\n',
    'deploy',
    '{"seq":1}\n',
    '\n',
    '{"seq":1,"at":"x","kind":"other"}\n{"seq":2',
  ])('leaves a file alone that is no audit: %j', async (text) => {
    const path = newPath();
    writeFileSync(path, text);
    await expect(openAt(path)).rejects.toMatchObject({ name: 'AuditError', code: 'broken' });
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(dirname(path)).filter((name) => name.includes('.lock-'))).toEqual([]);
  });

  it('tells of a changed record once, loudly, and goes on behind the break', async () => {
    const path = newPath();
    await fill(path, 1, 3);
    putLines(
      path,
      linesAt(path).map((line, index) => (index === 2 ? line.replace('ann', 'ben') : line)),
    );
    const log = recordedLog();
    const audit = await openAt(path, { log });
    expect(log.lines).toEqual(['error: somebody changed the audit']);
    expect(notesOf(path)).toEqual(['audit broken']);
    await run(audit, 4, 4);
    await audit.close();
    const again = await openAt(path);
    expect(notesOf(path)).toEqual(['audit broken']);
    expect(await again.verify()).toMatchObject({ isWhole: false, breaks: [{ kind: 'changed', line: 3, seq: 3 }] });
  });

  it('never closes a gap that somebody made at the end', async () => {
    const path = newPath();
    await fill(path, 1, 3);
    appendFileSync(path, 'somebody was here\n');
    const audit = await openAt(path);
    await run(audit, 4, 4);
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'unreadable', line: 7 }]);
  });

  it('cannot be where there is no file to be made', async () => {
    const path = newPath();
    writeFileSync(path, '');
    await expect(openAt(join(path, 'audit'))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(openAt(dirname(path))).rejects.toMatchObject({ code: 'unavailable' });
    expect(existsSync(path)).toBe(true);
  });
});
