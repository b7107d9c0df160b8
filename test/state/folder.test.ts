import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openAuditFile } from '../../src/audit/file.ts';
import { makeFolder } from '../../src/state/folder.ts';
import { fileState } from '../../src/state/files.ts';

const folders = new URL('../../dist/src/state/folder.js', import.meta.url).href;
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

/** Mounts a file system of which nobody answers, seen by this process alone, and runs what stands behind. */
const mute = [
  '-m',
  'sh',
  '-c',
  'exec 3<>/dev/fuse && mount -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none "$0" && exec "$@"',
] as const;

const canBeMute = spawnSync('unshare', [...mute, tmpdir(), 'true'], { stdio: 'ignore' }).status === 0;

test.skipIf(!canBeMute)('a file system that does not answer is not waited for (needs FUSE)', async () => {
  const here = await newFolder();
  const program = `const { makeFolder } = await import(${JSON.stringify(folders)});
    await makeFolder(${JSON.stringify(join(here, 'x', 'y'))}, 100).catch(({ message }) => console.log(message));`;
  const child = spawn('unshare', [...mute, here, process.execPath, '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('its file system has not answered for 0.1 s\n');
});
