import { chmod } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createAccess } from '../../src/access/create.ts';
import { accessCommands } from '../../src/access/commands.ts';
import { createCheck } from '../../src/bot/invocation/check.ts';
import type { Command } from '../../src/commands/command.ts';
import { commandSet } from '../../src/commands/set.ts';
import type { Document } from '../../src/document/document.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { memoryInput } from '../../src/inputs/memory/memory.ts';
import { silent } from '../../src/log/log.ts';
import { memoryState } from '../../src/state/memory.ts';
import { command, runningBot } from '../support/bot.ts';
import { until } from '../support/until.ts';
import { accessFile } from './ask.ts';

const text = `people: {ann: slack:T1/U1, ben: slack:T1/U2}
groups: {ops: [ann, ben]}
roles: {release: [ann], admin: [ben]}
rules:
  - {command: deploy, people: ops}
  - {command: deploy, with: {env: prod}, roles: release, approvals: 1, because: customers are there}
`;

/** Deploys with an environment, and a password that nobody gets to see. */
const deploy = command('deploy', () => 'deployed', {
  effect: 'change',
  plan: ({ args }) => ({
    parameters: new Map([
      ['env', args.words.slice(0, 1)],
      ['password', args.words.slice(1, 2)],
    ]),
    secrets: args.words.slice(1, 2),
  }),
});

interface Talk extends AsyncDisposable {
  /** What somebody is told, on their network. */
  say(account: string, typed: string, direct?: boolean): Promise<string>;
  readonly told: readonly string[];
  readonly file: string;
}

/** A bot on Slack and XMPP with an access file. */
async function talking(canTell = true, rules = text): Promise<Talk> {
  const file = await accessFile(rules);
  const told: string[] = [];
  const all: Command[] = [deploy, command('look', () => 'seen', { effect: 'read' })];
  const set = () => commandSet(all);
  const access = await createAccess({ file: file.path, state: memoryState(), log: silent, commands: set, pollMs: 50 });
  const check = createCheck({ commands: set, access, expand: (line) => line, log: silent });
  const tell = async ({ input, user }: { readonly input: string; readonly user: string }, document: Document) => {
    if (!canTell) throw new Error('channel_not_found');
    told.push(`${input}:${user} ${renderTerminal(document)}`);
  };
  all.push(
    ...accessCommands({
      access,
      question: (line, caller) => check.wish(line, caller),
      secrets: (line, caller) => check.secrets(line, caller),
      tell,
    }),
  );
  const inputs = { slack: memoryInput('slack'), xmpp: memoryInput('xmpp') };
  const running = runningBot(all, { inputs: Object.values(inputs), access });
  return {
    told,
    file: file.path,
    async say(account, typed, direct = true) {
      const [input = '', sender = ''] = account.split(':');
      const network = input === 'slack' ? inputs.slack : inputs.xmpp;
      const replies = await network.say(typed, { sender, room: 'T1/C1', direct, addressed: true });
      return replies.map(({ document }) => renderTerminal(document)).join('\n');
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await access.close();
      await file[Symbol.asyncDispose]();
    },
  };
}

test('whoami and roles tell who somebody is', async () => {
  await using bot = await talking();
  const told = await bot.say('slack:T1/U1', 'whoami');
  for (const part of ['ann', 'slack:T1/U1', 'ops', 'release']) expect(told).toContain(part);
  expect(told).not.toContain('admin');
  expect(await bot.say('xmpp:eve@example.org', 'whoami')).toContain('xmpp:eve@example.org');
  expect(await bot.say('slack:T1/U1', 'roles')).toMatch(/release\s+role\s+ann/);
});

test('who can, can I and why can’t I tell the way to a decision, without what is secret', async () => {
  await using bot = await talking();
  const who = await bot.say('slack:T1/U2', 'who can deploy prod s3cret');
  expect(who).toMatch(/ann\s+open by rule 1 \(line 5\)\s+the approval of one other who holds release/);
  expect(who).not.toContain('ben');
  expect(await bot.say('slack:T1/U2', 'who can deploy dev')).toMatch(/ann[^]*ben/);
  const can = await bot.say('slack:T1/U2', 'can I deploy dev');
  expect(can).toMatch(/^yes: open by rule 1/);
  for (const asked of [
    "why can't I deploy prod s3cret",
    'why can’t I deploy prod s3cret',
    'why cant i deploy prod s3cret',
  ]) {
    const why = await bot.say('slack:T1/U2', asked);
    expect(why).toMatch(/^no: deploy wants the role release \(rule 2 \(line 6\): customers are there\)/);
    expect(why).not.toContain('s3cret');
  }
  expect(await bot.say('slack:T1/U2', 'who can fly')).toContain('no command "fly"');
  expect(await bot.say('slack:T1/U2', 'who can')).toContain('who can do what?');
  expect(await bot.say('slack:T9/U9', 'who can look')).toContain('You may: reading is open to everybody by default');
});

test('who can names the rooms and times of others, and what of the file does nothing', async () => {
  await using bot = await talking(
    true,
    `people: {ann: slack:T1/U1, ben: slack:T1/U2, root: slack:T1/U3}
roles: {admin: root}
rules:
  - {command: deploy, people: [ann, ben], rooms: "#ops"}
  - {command: [depoly, fly south], deny: true}
`,
  );
  const who = await bot.say('slack:T1/U1', 'who can deploy dev');
  expect(who).toContain('nobody of the 3 people in the access file, here and now');
  expect(who).toContain('in #ops: ann, ben');
  expect(who).toContain('Names in the access file that nobody has: 2');
  expect(await bot.say('slack:T1/U1', 'can I deploy dev')).toContain('Names in the access file that nobody has: 2');
  expect(await bot.say('slack:T1/U1', 'who can look')).not.toContain('nobody has');
  expect(await bot.say('slack:T1/U1', 'who can Fly  South tomorrow')).toContain(
    'rule 2 (line 5) names fly south: there is no such command at the moment',
  );
  const shown = await bot.say('slack:T1/U1', 'access');
  expect(shown).toContain('people 3, groups 0, roles 1, rules 2, freezes 0');
  expect(shown).toContain('reading: allow, changing: deny');
  expect(shown).toContain('rule 2 (line 5) names depoly: there is no such command at the moment');
});

test('access tells those who can mend it, and them alone, that others may write the file', async () => {
  await using bot = await talking();
  expect(await bot.say('slack:T1/U2', 'access')).not.toContain('Look at');
  await chmod(bot.file, 0o666);
  await until(async () => (await bot.say('slack:T1/U2', 'access')).includes('(mode 0666)'));
  expect(await bot.say('slack:T1/U1', 'access')).not.toContain('0666');
});

test('who could not be told about the other account is asked first, whatever they type', async () => {
  await using bot = await talking(false);
  const [ann, home] = ['slack:T1/U1', 'xmpp:ann@example.org'];
  const code = /link (\S{4}-\S{4})/.exec(await bot.say(ann, 'link'))?.[1] ?? '';
  await bot.say(home, `link ${code}`);
  await bot.say(home, `link ${code} yes`);
  expect(await bot.say(ann, `link ${code} yes`)).toContain('other: xmpp:ann@example.org');
  expect(await bot.say(home, 'deploy dev')).toContain('deploy wants one of ops');
  expect(await bot.say(ann, `link ${code} yes`)).toContain('are one person now');
});

test('accounts are linked by what both type, each told in full who the other is', async () => {
  await using bot = await talking();
  const [ann, home] = ['slack:T1/U1', 'xmpp:ann@example.org'];
  expect(await bot.say(home, 'deploy dev')).toContain('deploy wants one of ops');
  expect(await bot.say(ann, 'link', false)).toContain('here others read along');
  const code = /link (\S{4}-\S{4})/.exec(await bot.say(ann, 'link'))?.[1] ?? '';
  expect(await bot.say(home, `link ${code}`, false)).toContain('here others read along');
  const asked = await bot.say(home, `link ${code}`);
  expect(asked).toContain('other: slack:T1/U1 ("T1/U1"), ann of the access file, roles release');
  expect(asked).toContain('yours: xmpp:ann@example.org');
  expect(asked).toContain('its owner would act in your name');
  expect(await bot.say(home, `link ${code} yes`)).toContain('Nothing is linked before they say');
  expect(bot.told).toHaveLength(1);
  expect(bot.told[0]).toMatch(/^slack:T1\/U1 [^]*other: xmpp:ann@example.org/);
  expect(await bot.say(home, 'deploy dev')).toContain('deploy wants one of ops');
  expect(await bot.say(ann, `link ${code} yes`)).toContain('are one person now');
  expect(await bot.say(home, 'deploy dev')).toBe('deployed');
  expect(await bot.say(home, 'unlink')).toContain('xmpp:ann@example.org: not linked any more');
  expect(await bot.say(home, 'deploy dev')).toContain('deploy wants one of ops');
  expect(await bot.say(ann, 'unlink')).toContain('what the access file says can be changed only there');
  expect(await bot.say(ann, `link ${code} yes`)).toContain('there is no such code');
  expect(await bot.say(ann, `link ${code} maybe`)).toContain('link, link CODE or link CODE yes');
});
