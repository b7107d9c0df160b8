import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accessCommands } from '../../src/access/commands.ts';
import { createAccess } from '../../src/access/create.ts';
import { commandSet } from '../../src/commands/set.ts';
import { silent } from '../../src/log/log.ts';
import { memoryState } from '../../src/state/memory.ts';
import { command, runningBot } from '../support/bot.ts';
import { until } from '../support/until.ts';
import { accessFile } from './ask.ts';

const opens = `people: {ann: memory:ann, eve: memory:eve}
roles: {admin: [ann]}
rules:
  - {command: "*", people: [ann, eve], grant: true}
`;
/** Without its last line eve may deploy. */
const closed = `${opens}  - {command: deploy, people: eve, deny: true}
`;

interface House extends AsyncDisposable {
  readonly path: string;
  readonly folder: string;
  say(as: string, line: string): Promise<string>;
}

async function house(text: string, at = 'access.yaml'): Promise<House> {
  const file = await accessFile(text);
  const path = join(file.folder, at);
  if (at !== 'access.yaml') await link(file.folder, 'one', text);
  const deploy = command('deploy', () => 'deployed');
  const access = await createAccess({
    file: path,
    state: memoryState(),
    log: silent,
    pollMs: 50,
    commands: () => commandSet([deploy]),
  });
  const question = { commands: ['deploy'], effect: 'change', scopes: [], confirm: false, approvals: 0 } as const;
  const running = runningBot(
    [
      deploy,
      ...accessCommands({
        access,
        question: async () => ({ ...question, parameters: new Map() }),
        secrets: async () => [],
      }),
    ],
    { access },
  );
  return {
    path,
    folder: file.folder,
    say: async (as, line) => (await running.say(line, { sender: as })).join('\n'),
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await access.close();
      await file[Symbol.asyncDispose]();
    },
  };
}

/** As Kubernetes lays out what it mounts, and changes it. */
async function link(folder: string, name: string, text: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'policy.yaml'), text);
  await symlink(name, join(folder, '..new'));
  await rename(join(folder, '..new'), join(folder, '..data'));
  await symlink(join('..data', 'policy.yaml'), join(folder, 'policy.yaml')).catch(() => {});
}

const aliases = ['a: &a [x:1, x:2, x:3, x:4, x:5, x:6, x:7, x:8]', 'b: &b [*a, *a, *a, *a, *a, *a, *a]'];
const bomb = `groups:\n  ${[...aliases, 'c: &c [*b, *b, *b, *b, *b, *b]', 'd: [*c, *c, *c, *c]'].join('\n  ')}\n`;
const nested = Array.from({ length: 80 }, (_, at) => `${' '.repeat(at)}a:`).join('\n');

test('whatever becomes of the file, it is said with its line, and nobody may more than before', async () => {
  await using bot = await house(closed);
  const write =
    (text: string) =>
    (path: string): Promise<void> =>
      writeFile(path, text);
  const turns: readonly (readonly [(path: string) => Promise<void>, RegExp])[] = [
    [write(`${opens}freeze: []\n`), /line 5: freeze: is no key that is known here/],
    [write(`${opens}groups:\n  a: b\n  b: a\n`), /line 7: groups\.b: holds itself: b > a > b/],
    [write(`${opens}  - {command: x, times: "mon Mars/Olympus"}\n`), /line 5: .*there is no time zone Mars\/Olympus/],
    [write(opens.replace('people: {ann', 'people: {ann: memory:x, ann')), /line 1: ann is there twice/],
    [
      write(opens.replace('eve: memory:eve', 'eve: memory:ann')),
      /line 1: people\.eve\.ids\.0: memory:ann is ann already/,
    ],
    [write('people:\n\tann: memory:ann\n'), /line 2: Tabs are not allowed/],
    [write(bomb), /line 3: the aliases that begin here hold more than anybody writes/],
    [write(`${opens}  - *nowhere\n`), /line 5: there is no anchor &nowhere before it/],
    [write(nested), /nested deeper than 32 levels/],
    [write(closed.slice(0, -20)), /line 5: /],
    [write(closed.slice(0, 60)), /line \d: /],
    [(path) => truncate(path, 0), /the file is empty/],
    [(path) => truncate(path, 10_000_000), /10000000 bytes, at most 1048576/],
    [(path) => rm(path), /is not there/],
  ];
  for (const [turn, told] of turns) {
    await turn(bot.path);
    await until(async () => told.test(await bot.say('ann', 'access')));
    expect(await bot.say('eve', 'deploy')).toContain('deploy is not allowed');
    expect(await bot.say('ann', 'deploy')).toBe('deployed');
  }
  await writeFile(`${bot.path}.new`, `\uFEFF${closed.replaceAll('\n', '\r\n')}`);
  await rename(`${bot.path}.new`, bot.path);
  await until(async () => !(await bot.say('ann', 'access')).includes('cannot be used'));
  expect(await bot.say('eve', 'deploy')).toContain('deploy is not allowed (rule 2 (line 5))');
});

test('a file that is cut off between two lines opens nothing while somebody still writes it', async () => {
  await using bot = await house(closed);
  await truncate(bot.path, opens.length);
  await until(async () => (await bot.say('ann', 'access')).includes('it looks cut off'));
  expect(await bot.say('eve', 'deploy')).toContain('deploy is not allowed');
  // Who takes a rule away at the end wants just that.
  await until(async () => (await bot.say('eve', 'deploy')) === 'deployed');
  expect(await bot.say('ann', 'access')).not.toContain('cut off');
});

test('a folder that Kubernetes swaps is followed, and a mistake in the new one changes nothing', async () => {
  await using bot = await house(closed, 'policy.yaml');
  await link(bot.folder, 'two', `${opens}oops: 1\n`);
  await until(async () => (await bot.say('ann', 'access')).includes('line 5: oops: is no key'));
  expect(await bot.say('eve', 'deploy')).toContain('deploy is not allowed');
  await link(bot.folder, 'three', `${opens}# nobody is kept out any more\n`);
  await until(async () => (await bot.say('eve', 'deploy')) === 'deployed');
});

test('a rule that nobody can fit is told, and a role that nobody has', async () => {
  await using bot = await house(`${closed}  - {command: deploy, people: eve, roles: admin}
  - {command: deploy, roles: nobody-has}
`);
  const told = await bot.say('ann', 'access');
  expect(told).toContain('rule 3 (line 6) names eve with the role admin: nobody in the file is all of that');
  expect(told).toContain('rule 4 (line 7) names the role nobody-has: the file gives it to nobody');
  expect(told).not.toContain('rule 2 (');
});
