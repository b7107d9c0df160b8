import { describe, expect, test } from 'vitest';
import { filters } from '../../src/commands/filters/filters.ts';
import { help } from '../../src/commands/help.ts';
import type { Caller, Command } from '../../src/commands/command.ts';
import type { MayRun } from '../../src/commands/help-view.ts';
import { type CommandSet, commandSet } from '../../src/commands/set.ts';
import { command } from '../support/bot.ts';
import { say } from './say.ts';

const service = (name: string, of: string, more: Partial<Command> = {}): Command =>
  command(name, () => '', { source: { kind: 'service', service: of, version: '1.0.0', endpoint: 'A.B' }, ...more });

const guard = { scopes: ['release', 'ops'], confirm: true, approvals: 2 };
const commands: readonly Command[] = [
  ...filters,
  command('jobs', () => '', { topic: 'Jobs', effect: 'read', description: 'Shows what runs' }),
  command('cancel', () => '', { topic: 'Jobs', description: 'Ends a job' }),
  command('ping', () => ''),
  command('whoami', () => '', { topic: 'Access' }),
  service('deploy', 'go.micro.srv.billing', { guard, examples: ['deploy billing', 'deploy billing --version 1.2'] }),
  service('roll back', 'go.micro.srv.billing', { description: 'Undoes what deploy did' }),
  service('mail', 'mailer', { hidden: true }),
];

/** A set with help in it, which tells of the set it is in. */
function withHelp(mayRun?: MayRun, more: readonly Command[] = []): CommandSet {
  const set: CommandSet = commandSet([help(() => set, { mayRun }), ...commands, ...more]);
  return set;
}

const refusing =
  (...names: readonly string[]): MayRun =>
  ({ name }) =>
    !names.includes(name);

describe('the overview', () => {
  test('has the commands of a topic in one line, those of services at the end', async () => {
    expect(await say(withHelp(), 'help')).toBe(
      `\n\n${[
        'help filters - count, grep, head, json, sort, tail',
        'help jobs - cancel, jobs',
        'ping [text] - Does ping',
        'whoami [text] - Does whoami',
        'deploy [text] - Does deploy',
        'roll back [text] - Undoes what deploy did',
      ].join('\n')}`,
    );
  });

  test('leaves out what one may not run, and says so', async () => {
    const set = withHelp(refusing('deploy', 'cancel'));
    const lines = (await say(set, 'help')).split('\n');
    expect(lines).not.toContain('deploy [text] - Does deploy');
    expect(lines).toContain('jobs [text] - Shows what runs');
    expect(lines.slice(-2)).toEqual(['', '2 more that you may not run: help --all']);
    const all = (await say(set, 'help', { options: { all: true } })).split('\n');
    expect(all).toContain('deploy [text] - Does deploy (you may not run it)');
    expect(all).toContain('help jobs - cancel, jobs');
    expect(all.at(-1)).toBe('roll back [text] - Undoes what deploy did');
  });

  test.each<[string, MayRun]>([
    [
      'throws',
      () => {
        throw new Error('no file');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no file'))],
    ['refuses later', () => Promise.resolve(false)],
  ])('has nothing when who decides %s', async (_, mayRun) => {
    expect(await say(withHelp(mayRun), 'help')).toBe('\n\n\n\n13 more that you may not run: help --all');
  });

  test('asks for who asks', async () => {
    const asked: Caller[] = [];
    await say(
      withHelp((_, caller) => {
        asked.push(caller);
        return Promise.resolve(true);
      }),
      'help',
    );
    expect(new Set(asked.map(({ user, room, input }) => `${input} ${room} ${user}`))).toEqual(new Set(['slack C1 U1']));
  });
});

describe('help of a topic', () => {
  test('lists its commands', async () => {
    expect(await say(withHelp(), 'help JOBS now').catch(String)).toMatch(/no command JOBS now/);
    expect(await say(withHelp(), 'help filters')).toMatch(
      /^Filters:\n {2}count - Shows how many rows there are\n {2}grep \[-i\]/,
    );
    expect(await say(withHelp(refusing('deploy')), 'help billing')).toBe(
      'go.micro.srv.billing:\n  roll back [text] - Undoes what deploy did\n\n1 more that you may not run: help billing --all',
    );
    expect(await say(withHelp(refusing('deploy', 'roll back')), 'help billing')).toBe(
      'go.micro.srv.billing: nothing that you may run\n\n2 more that you may not run: help billing --all',
    );
    expect(await say(withHelp(), 'help go.micro.srv.billing')).toMatch(/^go\.micro\.srv\.billing:\n {2}deploy/);
  });

  test('comes behind the command of its name', async () => {
    expect(await say(withHelp(), 'help jobs')).toBe(
      'jobs [text] - Shows what runs\n\nSource: added to this bot\n\nJobs:\n  cancel [text] - Ends a job\n  jobs [text] - Shows what runs',
    );
  });

  test('is suggested', async () => {
    await expect(say(withHelp(), 'help filtrs')).rejects.toThrow('no command filtrs, did you mean filters?');
  });
});

describe('help of a command', () => {
  const needs = 'Needs: the roles release, ops, your confirmation, the approval of 2 others';
  test('says who may run it, and has examples to paste', async () => {
    const page = [
      'deploy [text] - Does deploy',
      'Examples:\n  deploy billing\n  deploy billing --version 1.2',
      `Source: service go.micro.srv.billing 1.0.0 A.B\n${needs}`,
    ];
    const [first, ...others] = page;
    expect(await say(withHelp(), 'help deploy')).toBe(page.join('\n\n'));
    expect(
      await say(
        withHelp(() => true),
        'help deploy',
      ),
    ).toBe(`${page.join('\n\n')}\nEffect: changes something`);
    expect(await say(withHelp(refusing('deploy')), 'help deploy')).toBe(
      [first, 'You may not run it here.', ...others].join('\n\n') + '\nEffect: changes something',
    );
    const why = command("why can't i", () => '');
    expect(await say(withHelp(refusing('deploy'), [why]), 'help deploy')).toContain(
      'You may not run it here: say "why can\'t I deploy" to see why.',
    );
    expect(
      await say(
        withHelp(() => true),
        'help jobs',
      ),
    ).toContain('Effect: only reads');
  });

  test.each([
    [{ scopes: ['release'], confirm: false, approvals: 1 }, 'Needs: the role release, the approval of somebody else'],
    [{ scopes: [], confirm: true, approvals: 0 }, 'Needs: your confirmation'],
  ])('tells %j', async (guarded, line) => {
    expect(await say(withHelp(undefined, [service('ship', 's', { guard: guarded })]), 'help ship')).toContain(line);
  });
});

describe('help search', () => {
  test.each([
    ['help search deploy', ['deploy [text] - Does deploy', 'roll back [text] - Undoes what deploy did']],
    ['help search SRV.BILLING', ['deploy [text] - Does deploy', 'roll back [text] - Undoes what deploy did']],
    ['help search undoes billing', ['roll back [text] - Undoes what deploy did']],
    ['help search back nonsense', ['roll back [text] - Undoes what deploy did']],
    ['help search job', ['jobs [text] - Shows what runs', 'cancel [text] - Ends a job']],
    ['help search 1.2', ['deploy [text] - Does deploy']],
  ])('%j', async (line, expected) => {
    expect((await say(withHelp(), line)).split('\n')).toEqual(expected);
  });

  test('finds what there is', async () => {
    await expect(say(withHelp(), 'help search')).rejects.toThrow('search for what? help search health');
    await expect(say(withHelp(), 'help search nonsense')).rejects.toThrow('no command has to do with nonsense');
    // Every command is looked through for each word.
    const many = Array.from({ length: 20 }, (_, index) => `nonsense${index}`).join(' ');
    await expect(say(withHelp(), `help search ${many} deploy`)).rejects.toThrow('no command has to do with nonsense0');
    await expect(say(withHelp(), 'help search mail')).rejects.toThrow('no command has to do with mail');
    expect(await say(withHelp(refusing('deploy')), 'help search 1.2')).toBe(
      'nothing that you may run\n\n1 more that you may not run: help search 1.2 --all',
    );
    await expect(say(withHelp(), 'help undoes')).rejects.toThrow('no command undoes\nIt may be about roll back');
  });

  test('gives way to a command of that name', async () => {
    const set = withHelp(undefined, [command('search logs', () => '')]);
    expect(await say(set, 'help search logs')).toMatch(/^search logs \[text\] - Does search logs\n/);
    expect(await say(set, 'help search deploy')).toMatch(/^deploy/);
  });
});

describe('the beginning of a name', () => {
  const more = [
    command('roll', () => '', { hidden: true }),
    command('roll call', () => '', { aliases: ['muster the crew'] }),
  ];
  const both = 'roll:\n  roll back [text] - Undoes what deploy did\n  roll call [text] - Does roll call';

  test('shows all commands that have it', async () => {
    expect(await say(withHelp(undefined, more), 'help roll')).toBe(both);
    expect(await say(withHelp(undefined, more), 'help ROLL')).toBe(both);
    expect(await say(withHelp(undefined, more), 'help muster the')).toBe(
      'muster the:\n  roll call [text] - Does roll call',
    );
    expect(await say(withHelp(refusing('roll back'), more), 'help roll')).toBe(
      'roll:\n  roll call [text] - Does roll call\n\n1 more that you may not run: help roll --all',
    );
  });

  test('in quotes is told to be said without them', async () => {
    await expect(say(withHelp(), 'help "roll back"')).rejects.toThrow(
      'roll back is one word in its quotes. Ask without them: help roll back',
    );
  });
});
