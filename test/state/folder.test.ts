import { execFileSync } from 'node:child_process';
import { mkdtemp, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAuditFile } from '../../src/audit/file.ts';
import { makeFolder } from '../../src/state/folder.ts';
import { fileState } from '../../src/state/files.ts';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'folder-'));

describe('a folder', () => {
  test('is made with all above it, for nobody else', async () => {
    const here = await newFolder();
    await Promise.all(['a/b/c', 'a/b/d', 'a/b/c'].map((path) => makeFolder(join(here, path))));
    for (const path of ['a', 'a/b', 'a/b/c', 'a/b/d']) {
      expect((await stat(join(here, path))).mode & 0o777).toBe(0o700);
    }
    await makeFolder(join(relative(process.cwd(), here), 'near', 'by'));
    expect((await stat(join(here, 'near', 'by'))).isDirectory()).toBe(true);
  });

  test('that is there stays as it is, behind a link, too', async () => {
    const here = await newFolder();
    execFileSync('chmod', ['750', here]);
    await symlink(here, `${here}-link`);
    await makeFolder(`${here}-link`);
    await makeFolder('/');
    expect((await stat(here)).mode & 0o777).toBe(0o750);
  });

  test.each([
    ['below a file', 'file/x/y', /y is no folder, or something above it is none$/],
    ['in place of a file', 'file', /file is no folder, or something above it is none$/],
    ['behind a link that leads nowhere', 'dangling/x/y', /dangling is no folder, or something above it is none$/],
    ['with a name that is too long', `${'x'.repeat(300)}/y`, /ENAMETOOLONG/],
  ])('cannot be %s', async (_, path, sentence) => {
    const here = await newFolder();
    await writeFile(join(here, 'file'), '');
    await symlink(join(here, 'nowhere'), join(here, 'dangling'));
    await expect(makeFolder(join(here, path))).rejects.toThrow(sentence);
  });
});

describe.runIf(process.platform === 'linux')('where nobody can make anything', () => {
  const directory = '/proc/micro-bot/state';
  const why = 'no folder can be made in /proc';

  test('the state says so', async () => {
    await expect(fileState({ directory })).rejects.toMatchObject({
      code: 'unavailable',
      message: `the state directory ${directory} cannot be used: ${why}`,
    });
  });

  test('the audit says so', async () => {
    const path = join(directory, 'audit.ndjson');
    await expect(openAuditFile({ path })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(why),
    });
  });
});
