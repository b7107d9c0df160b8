import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../src/audit/audit.ts';
import { createAccess, type FileAccess } from '../../src/access/create.ts';
import { silent } from '../../src/log/log.ts';
import { memoryState } from '../../src/state/memory.ts';
import { until } from '../support/until.ts';
import { accessFile, inWords, question } from './ask.ts';

const allowing = 'people: {ann: slack:T1/U1}\nrules: [{command: deploy, people: ann}]\n';
const denying = 'people: {ann: slack:T1/U1}\nrules: [{command: deploy, deny: true}]\n';

const open = (file: string, more = {}): Promise<FileAccess> =>
  createAccess({ file, state: memoryState(), log: silent, pollMs: 50, ...more });
const ask = (access: FileAccess): string => inWords(access.decide(question('slack:T1/U1'))).slice(0, 3);

test('an edit counts as a whole, however it is made, and is noted', async () => {
  await using file = await accessFile(allowing);
  const notes: AuditEvent[] = [];
  const access = await open(file.path, { audit: { write: async (event: AuditEvent) => void notes.push(event) } });
  expect(ask(access)).toBe('yes');
  await writeFile(file.path, denying);
  await until(() => ask(access) === 'no:');
  await writeFile(`${file.path}.new`, allowing);
  await rename(`${file.path}.new`, file.path);
  await until(() => ask(access) === 'yes');
  await until(() => notes.length === 2);
  expect(notes[0]).toMatchObject({ kind: 'note', what: 'access file changed', details: { people: '1', rules: '1' } });
  await access.close();
});

test('a bad edit is told, and the last good file counts until there is another', async () => {
  await using file = await accessFile(allowing);
  const access = await open(file.path);
  const turns: readonly [() => Promise<unknown>, RegExp][] = [
    [() => writeFile(file.path, `${denying}oops: 1\n`), /line 3: oops: is no key/],
    [() => truncate(file.path, 0), /the file is empty/],
    [() => writeFile(file.path, Buffer.from([0x70, 0xff, 0xfe])), /not valid UTF-8/],
    [() => truncate(file.path, 10_000_000), /10000000 bytes, at most/],
    [() => rm(file.path), /is not there/],
    [() => mkdir(file.path), /is no file/],
  ];
  for (const [turn, told] of turns) {
    await turn();
    await until(() => told.test(access.problem ?? ''));
    expect(ask(access)).toBe('yes');
  }
  await rm(file.path, { recursive: true });
  await writeFile(file.path, denying);
  await until(() => access.problem === undefined);
  expect(ask(access)).toBe('no:');
  await access.close();
});

test('the log tells a bad edit as its line, once: no stack of ours helps whoever made it', async () => {
  await using file = await accessFile(allowing);
  const warned: unknown[] = [];
  const log = { ...silent, warn: (...line: readonly unknown[]): void => void warned.push(line) };
  const access = await open(file.path, { log });
  await writeFile(file.path, `${denying}oops: 1\n`);
  await until(() => access.problem !== undefined);
  const reason = `${file.path} cannot be used: line 3: oops: is no key that is known here`;
  expect(warned).toEqual([['the access file cannot be used: the one before counts', { file: file.path, reason }]]);
  await access.close();
});

test('a file that comes back as it was counts again', async () => {
  await using file = await accessFile(allowing);
  const access = await open(file.path);
  await rename(file.path, `${file.path}.away`);
  await until(() => access.problem);
  await rename(`${file.path}.away`, file.path);
  await until(() => access.problem === undefined);
  expect(ask(access)).toBe('yes');
  await access.close();
});

test('a link to another folder is followed, as Kubernetes changes what it mounts', async () => {
  await using file = await accessFile('');
  const { folder } = file;
  for (const [name, text] of [
    ['1', allowing],
    ['2', denying],
  ] as const) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'policy.yaml'), text);
  }
  await symlink('1', join(folder, '..data'));
  await symlink(join('..data', 'policy.yaml'), join(folder, 'policy.yaml'));
  const access = await open(join(folder, 'policy.yaml'));
  expect(ask(access)).toBe('yes');
  await symlink('2', join(folder, '..new'));
  await rename(join(folder, '..new'), join(folder, '..data'));
  await until(() => ask(access) === 'no:');
  await access.close();
});

test('at the start a file that cannot be used is an end, not an open door', async () => {
  await using file = await accessFile('rules: 7');
  await expect(open(file.path)).rejects.toThrow(/access\.yaml cannot be used:\nline 1: rules: /);
  await expect(open(join(file.folder, 'none'))).rejects.toMatchObject({ code: 'unavailable' });
  await symlink('loop', join(file.folder, 'loop'));
  await expect(open(join(file.folder, 'loop'))).rejects.toThrow(/ELOOP/);
  execFileSync('mkfifo', [join(file.folder, 'pipe')]);
  await expect(open(join(file.folder, 'pipe'))).rejects.toThrow(/is no file/);
  await truncate(file.path, 10_000_000);
  await expect(open(file.path)).rejects.toThrow(/10000000 bytes/);
});

test('a file that cannot be read any more leaves the last good one', async () => {
  await using file = await accessFile(allowing);
  const access = await open(file.path);
  // In its place there is what nobody can read, not even root.
  await rm(file.path);
  await mkdir(file.path);
  await until(() => access.problem !== undefined);
  expect(access.problem).toMatch(/is no file|EISDIR/);
  expect(ask(access)).toBe('yes');
  await access.close();
});

test('without a file the defaults count, and nobody holds anything but who sits at the console', async () => {
  const access = await createAccess({ state: memoryState(), log: silent });
  const read = { commands: ['help'], effect: 'read' } as const;
  expect(inWords(access.decide(question('slack:T1/U1', read)))).toMatch(/^yes/);
  expect(ask(access)).toBe('no:');
  expect(inWords(access.decide(question('slack:T1/U1', { ...read, scopes: ['x'] })))).toMatch(
    /^no: help wants the role x/,
  );
  expect(inWords(access.decide(question('console:root', { scopes: ['x'] })))).toMatch(/^yes/);
  await access.close();
  const changed = await createAccess({
    state: memoryState(),
    log: silent,
    defaults: { read: 'deny', change: 'allow' },
  });
  expect(inWords(changed.decide(question('slack:T1/U1', read)))).toMatch(/^no/);
  expect(ask(changed)).toBe('yes');
  expect(inWords(changed.decide(question('slack:T1/U1?')))).toMatch(/^no/);
  await changed.close();
});
