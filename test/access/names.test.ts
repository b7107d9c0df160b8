import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createAccess } from '../../src/access/create.ts';
import type { KnownCommands } from '../../src/access/known.ts';
import type { Command } from '../../src/commands/command.ts';
import { filters } from '../../src/commands/filters/filters.ts';
import { commandSet } from '../../src/commands/set.ts';
import { type Log, silent } from '../../src/log/log.ts';
import { memoryState } from '../../src/state/memory.ts';
import { command } from '../support/bot.ts';
import { until } from '../support/until.ts';
import { accessBy, accessFile } from './ask.ts';

const people = 'people: {ann: slack:T1/U1, ben: slack:T1/U2}\n';
const [ann, ben] = ['slack:T1/U1', 'slack:T1/U2'];
const named = (name: string, ...aliases: readonly string[]): Command => command(name, () => '', { aliases });

describe('a rule for an alias is one for its command', () => {
  const commands = (): KnownCommands => set;
  const set = commandSet([named('deploy', 'dep', 'ship it'), named('wipe', 'db wipe'), named('look')]);

  test('that opens and restricts', async () => {
    await using access = await accessBy(`${people}rules: [{command: DEP, people: ann}]`, { commands });
    expect(access.ask(ann)).toBe('yes: open by rule 1 (line 2)');
    expect(access.ask(ben)).toMatch(/^no: deploy wants one of ann \(rule 1/);
    expect(access.ask(ann, { commands: ['call', 'deploy'] })).toMatch(/^no: no rule opens call/);
  });

  test('that denies, whatever leads to the command', async () => {
    await using access = await accessBy(
      `${people}rules: [{command: "*", people: ann, grant: true}, {command: [ship it, "db *"], deny: true}]`,
      { commands },
    );
    expect(access.ask(ann)).toMatch(/^no: deploy is not allowed \(rule 2/);
    expect(access.ask(ann, { commands: ['wipe'] })).toMatch(/^no: wipe is not allowed/);
    expect(access.ask(ann, { commands: ['call', 'deploy'] })).toMatch(/^no: call is not allowed \(rule 2/);
    expect(access.ask(ann, { commands: ['look'] })).toMatch(/^yes/);
  });

  test('in rooms and in freezes', async () => {
    const freeze = 'freezes: [{from: 2020-01-01T00:00:00Z, to: 2100-01-01T00:00:00Z, commands: dep}]\n';
    await using frozen = await accessBy(`${people}defaults: {change: allow}\n${freeze}`, { commands });
    expect(frozen.ask(ann)).toMatch(/^no: no changes at the moment/);
    expect(frozen.ask(ann, { commands: ['wipe'] })).toMatch(/^yes/);
    await using limited = await accessBy(
      `${people}defaults: {change: allow}\nrooms: {slack:T1/C1: {commands: dep}}\n`,
      {
        commands,
      },
    );
    expect(limited.ask(ann)).toMatch(/^yes/);
    expect(limited.ask(ann, { commands: ['wipe'] })).toBe('no: wipe may not run in this room');
  });

  test('as long as the alias leads there, and while its service is gone for a moment', async () => {
    let current = set;
    const text = `${people}defaults: {change: allow}\nrules: [{command: dep, deny: true}]`;
    await using access = await accessBy(text, { commands: () => current });
    expect(access.ask(ann)).toMatch(/^no/);
    current = commandSet([named('look')]);
    expect(access.ask(ann)).toMatch(/^no: deploy is not allowed/);
    current = commandSet([named('dep'), named('deploy', 'ship it')]);
    expect(access.ask(ann)).toMatch(/^yes/);
    expect(access.ask(ann, { commands: ['dep'] })).toMatch(/^no: dep is not allowed/);
    // An alias of one is no name of another.
    current = commandSet([named('wipe', 'deploy', 'dep')]);
    expect(access.ask(ann)).toMatch(/^yes/);
    expect(access.ask(ann, { commands: ['wipe'] })).toMatch(/^no/);
  });
});

const mistaken = `${people}roles: {release: ann}
rooms: {slack:T1/C9: {commands: [look, hlep]}, "*": {commands: "*"}}
rules:
  - {command: deplyo, people: ann}
  - {command: [deploy, dep, "list *", grep, "*"], roles: relaese}
  - {command: "lst *", deny: true}
  - {command: deploy@1.1.0, deny: true}
freezes: [{times: fri 15:00-24:00, commands: wpie, except: {roles: [release, fire]}}]
`;
const mistakes = [
  'the room slack:T1/C9 names hlep',
  'rule 1 (line 5) names deplyo',
  'rule 3 (line 7) names lst *',
  'rule 4 (line 8) names deploy@1.1.0',
  'freeze 1 (line 9) names wpie',
  'rule 2 (line 6) names the role relaese',
  'freeze 1 (line 9) names the role fire',
];
const real = (): KnownCommands =>
  commandSet([named('deploy', 'dep'), named('look'), named('list services'), ...filters]);

describe('a name that nobody has', () => {
  test('is known to those who ask, as long as nobody has it', async () => {
    let current = real();
    await using access = await accessBy(mistaken, { commands: () => current });
    const told = (): readonly string[] => access.unknown.map(({ label, name }) => `${label} names ${name}`);
    expect(told()).toEqual(mistakes);
    current = commandSet([named('deplyo'), named('lst', 'hlep'), named('wpie'), named('grep'), named('deploy', 'dep')]);
    expect(told()).toEqual([
      'the room slack:T1/C9 names look',
      'rule 2 (line 6) names list *',
      'rule 4 (line 8) names deploy@1.1.0',
      'rule 2 (line 6) names the role relaese',
      'freeze 1 (line 9) names the role fire',
    ]);
  });

  test('is told to the log once, when the commands are known, and again only when it is another', async () => {
    const warnings: unknown[] = [];
    const log: Log = { ...silent, warn: (message, fields) => void warnings.push([message, fields?.['names']]) };
    await using file = await accessFile(mistaken);
    let current: KnownCommands | undefined;
    const commands = (): KnownCommands => {
      if (current === undefined) throw new ReferenceError('not yet');
      return current;
    };
    let asked = 0;
    const access = await createAccess({
      file: file.path,
      state: memoryState(),
      log,
      pollMs: 20,
      settleMs: 5,
      commands: () => {
        asked += 1;
        return commands();
      },
    });
    await until(() => asked > 2);
    current = { ...real(), commands: [], stale: true, find: () => undefined };
    const before = asked;
    await until(() => asked > before + 2);
    expect(warnings).toEqual([]);
    current = real();
    await until(() => warnings.length === 1);
    expect(warnings[0]).toEqual([
      'the access file names what nobody has: it may come later, or is a mistake',
      mistakes.map((each) => expect.stringContaining(each) as string),
    ]);
    await writeFile(file.path, `# moved\n${mistaken}  \n`);
    await until(() => access.unknown[1]?.label === 'rule 1 (line 6)');
    await writeFile(file.path, `# moved\n${mistaken.replace('deplyo', 'depoly')}`);
    await until(() => warnings.length === 2);
    expect(warnings[1]).toEqual([expect.anything(), [expect.stringContaining('depoly')]]);
    await access.close();
  });
});
