import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createAccess } from '../../src/access/create.ts';
import { exposureOf } from '../../src/access/exposure.ts';
import { type Log, silent } from '../../src/log/log.ts';
import { memoryState } from '../../src/state/memory.ts';
import { until } from '../support/until.ts';
import { accessFile } from './ask.ts';

const text = 'people: {ann: slack:T1/U1}\n';

test.each([
  [0o600, 0o700, []],
  [0o644, 0o755, []],
  [0o640, 0o750, []],
  [0o660, 0o700, ['file 0660']],
  [0o602, 0o700, ['file 0602']],
  [0o600, 0o770, ['folder 0770']],
  [0o666, 0o777, ['file 0666', 'folder 0777']],
  // In a sticky folder nobody moves what is somebody else's; the file itself may be open all the same.
  [0o600, 0o1777, []],
  [0o622, 0o1777, ['file 0622']],
] as const)('a file of mode %o in a folder of mode %o', async (fileMode, folderMode, open) => {
  await using file = await accessFile(text);
  await chmod(file.path, fileMode);
  await chmod(file.folder, folderMode);
  const told = await exposureOf(file.path);
  const places = open.map((each) =>
    each.replace(/(\w+) (\d+)/, (_, what: 'file' | 'folder', mode: string) => {
      return `${what === 'file' ? file.path : file.folder} (mode ${mode})`;
    }),
  );
  expect(told).toBe(places.length === 0 ? undefined : `others than the owner may write ${places.join(' and ')}`);
});

test('what a link leads to counts, and the folder in which the link stands', async () => {
  await using file = await accessFile(text);
  await chmod(file.folder, 0o700);
  const inside = join(file.folder, 'real');
  await mkdir(inside, { mode: 0o700 });
  await rename(file.path, join(inside, 'rules'));
  await symlink(join('real', 'rules'), file.path);
  await chmod(join(inside, 'rules'), 0o600);
  expect(await exposureOf(file.path)).toBeUndefined();
  await chmod(join(inside, 'rules'), 0o606);
  expect(await exposureOf(file.path)).toContain('rules (mode 0606)');
  await chmod(inside, 0o703);
  await chmod(dirname(file.path), 0o702);
  expect(await exposureOf(file.path)).toContain('(mode 0606) and ');
  expect(await exposureOf(file.path)).toContain('(mode 0702)');
  expect(await exposureOf(file.path)).toContain('(mode 0703)');
  expect(await exposureOf(join(file.folder, 'nothing'))).toBeUndefined();
});

test('it is told in one line each time the file is read, until it is mended', async () => {
  await using file = await accessFile(text);
  await chmod(file.path, 0o666);
  const warnings: string[] = [];
  const log: Log = { ...silent, warn: (message) => void warnings.push(message) };
  const access = await createAccess({ file: file.path, state: memoryState(), log, pollMs: 50 });
  const sentence = `others than the owner may write ${file.path} (mode 0666)`;
  expect(warnings).toEqual([`the access file: ${sentence}`]);
  expect(access.exposure).toBe(sentence);
  await writeFile(file.path, `${text}console: nobody\n`);
  await until(() => warnings.length === 2);
  expect(warnings[1]).toBe(warnings[0]);
  await chmod(file.path, 0o600);
  await until(() => access.exposure === undefined);
  expect(warnings).toHaveLength(2);
  await access.close();
});
