import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as output } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { fileState } from '../../src/state/files.ts';
import { stateContract } from '../contract/state.ts';
import { until } from '../support/until.ts';

const files = new URL('../../dist/src/state/files.js', import.meta.url).href;
const newDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'state-'));
const text = (kept: unknown): string => {
  if (typeof kept !== 'string') throw new Error('no text');
  return kept;
};

stateContract('files', async () => {
  const directory = join(await newDirectory(), 'made', 'when needed');
  return { open: () => fileState({ directory }) };
});

test('nobody else may read what is kept', async () => {
  const directory = join(await newDirectory(), 'own');
  const state = await fileState({ directory });
  await (await state.shelf('text', text, '')).replace('ours');
  const modes = [directory, join(directory, 'text.json')].map(async (path) => (await stat(path)).mode & 0o077);
  expect(await Promise.all(modes)).toEqual([0, 0]);
  await state.close();
});

test.each([
  '',
  '{"half": ',
  'null',
  '\ufffd',
])('a shelf that holds %j is set aside, and the bot begins anew', async (broken) => {
  const directory = await newDirectory();
  await writeFile(join(directory, 'text.json'), broken);
  const errors: string[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (message: string) => void errors.push(message) };
  const state = await fileState({ directory, log });
  const shelf = await state.shelf('text', text, 'empty');
  expect(shelf.current).toBe('empty');
  expect(errors).toEqual(['what the bot remembered cannot be read: it was set aside, and the bot begins anew']);
  const aside = (await readdir(directory)).find((name) => name.startsWith('text.json.broken-'));
  expect(await readFile(join(directory, aside ?? ''), 'utf8')).toBe(broken);
  await state.close();
});

test('a shelf that a later version wrote is left as it is, and the bot does not begin without it', async () => {
  const directory = await newDirectory();
  const path = join(directory, 'text.json');
  const later = '{"form":2,"kept":"from tomorrow"}';
  await writeFile(path, later);
  const state = await fileState({ directory });
  await expect(state.shelf('text', text, 'empty')).rejects.toMatchObject({
    code: 'newer',
    message: `${path} was written by a later version of this bot (form 2), and is left as it is: start that version, or move the file away to begin anew without it`,
  });
  await state.close();
  expect(await readFile(path, 'utf8')).toBe(later);
  expect(await readdir(directory)).toEqual(['text.json']);
});

test('a write that fails is told, and the next one has everything', async () => {
  const directory = await newDirectory();
  const state = await fileState({ directory });
  const shelf = await state.shelf('text', text, '');
  // A directory in the place of the draft: nobody can write that, not even root.
  const blocked = join(directory, 'text.json.new');
  await promisify(execFile)('mkdir', [blocked]);
  await expect(shelf.replace('lost?')).rejects.toMatchObject({ code: 'unavailable' });
  expect(shelf.current).toBe('lost?');
  await promisify(execFile)('rmdir', [blocked]);
  await shelf.replace('not lost');
  expect(await readFile(join(directory, 'text.json'), 'utf8')).toBe('"not lost"');
  await state.close();
});

test('what could not be written is tried again by itself, told meanwhile, and once more at the end', async () => {
  const directory = await newDirectory();
  const path = join(directory, 'text.json');
  for (const retryMs of [20, 60_000]) {
    const state = await fileState({ directory, retryMs });
    const shelf = await state.shelf('text', text, '');
    expect(state.outage).toBeUndefined();
    await promisify(execFile)('mkdir', [`${path}.new`]);
    const value = `lost for ${retryMs}?`;
    await expect(shelf.replace(value)).rejects.toMatchObject({ code: 'unavailable' });
    expect(state.outage).toContain(`${path} cannot be written`);
    await promisify(execFile)('rmdir', [`${path}.new`]);
    if (retryMs < 60_000) await until(() => state.outage === undefined);
    else await state.close();
    expect(await readFile(path, 'utf8')).toBe(JSON.stringify(value));
    await state.close();
  }
});

test('a second bot is refused the directory, until the first has left it', async () => {
  const directory = await newDirectory();
  const first = await fileState({ directory });
  await expect(fileState({ directory })).rejects.toMatchObject({
    code: 'in_use',
    message: `${directory} belongs to the process ${process.pid}: a second bot needs a directory of its own`,
  });
  await first.close();
  await (await fileState({ directory })).close();
});

test('a process that was killed holds nothing, and of ten who come then one gets it', async () => {
  const directory = await newDirectory();
  const program = `const { fileState } = await import(${JSON.stringify(files)});
    await fileState({ directory: ${JSON.stringify(directory)} }); console.log('has it'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  await expect(fileState({ directory })).rejects.toMatchObject({ code: 'in_use' });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => fileState({ directory })));
  const winners = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(winners).toHaveLength(1);
  await Promise.all(winners.map((state) => state.close()));
});

test('a directory that cannot be made is told', async () => {
  const directory = await newDirectory();
  await writeFile(join(directory, 'file'), '');
  await chmod(join(directory, 'file'), 0o600);
  await expect(fileState({ directory: join(directory, 'file', 'state') })).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('what is being written when it closes is written, before anybody else may have the directory', async () => {
  const directory = await newDirectory();
  const state = await fileState({ directory });
  const one = await state.shelf('one', text, '');
  const other = await state.shelf('other', text, '');
  const large = 'x'.repeat(4_000_000);
  const again = (): Promise<void> => other.replace('kept');
  const writes = [one.replace('first'), one.replace(large), other.replace('once').then(async () => again())];
  await state.close();
  const next = await fileState({ directory });
  expect((await next.shelf('one', text, '')).current).toBe(large);
  expect((await next.shelf('other', text, '')).current).toBe('kept');
  await Promise.all(writes);
  await expect(one.replace('too late')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('it is closed'),
  });
  expect((await next.shelf('one', text, '')).current).toBe(large);
  await next.close();
});

test('whoever asks who has it and never goes does not keep it from closing', async () => {
  const directory = await newDirectory();
  const state = await fileState({ directory });
  const [lock] = (await readdir(directory)).filter((name) => name.startsWith('state.lock-'));
  const socket = connect({ path: join(directory, lock ?? ''), allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'data');
  await state.close();
  await (await fileState({ directory })).close();
});

test('a disk that hangs is told after 10 s; who comes then is told at once', async () => {
  const directory = await newDirectory();
  await promisify(execFile)('mkfifo', [join(directory, 'text.json.new')]);
  const script = `
    import { mock } from 'node:test';
    import { fileState } from '${files}';
    const state = await fileState({ directory: ${JSON.stringify(directory)} });
    const shelf = await state.shelf('text', String, '');
    mock.timers.enable({ apis: ['setTimeout'] });
    const told = (kept) => kept.catch((error) => console.log(error.message));
    const all = [told(shelf.replace('one'))];
    await new Promise((resolve) => setImmediate(resolve));
    all.push(told(shelf.replace('two')));
    mock.timers.tick(10_000);
    await Promise.all(all);
    await told(shelf.replace('three'));
    // A process that ends waits for its disk.
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const sentence = `${directory}/text.json cannot be written: its disk has not answered for 10 s\n`;
  expect(await output(child.stdout)).toBe(sentence.repeat(3));
});

test('a disk that hangs under many shelves leaves other files to be read', async () => {
  const directory = await newDirectory();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  await promisify(execFile)(
    'mkfifo',
    names.map((name) => join(directory, `${name}.json.new`)),
  );
  const script = `
    import { readFile } from 'node:fs/promises';
    import { fileState } from '${files}';
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1_500);
    const state = await fileState({ directory: ${JSON.stringify(directory)} });
    for (const name of ${JSON.stringify(names)}) (await state.shelf(name, String, '')).replace('x').catch(() => {});
    await readFile(process.execPath + '/nothing').catch(() => console.log('read'));
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  expect(await output(child.stdout)).toBe('read\n');
});
