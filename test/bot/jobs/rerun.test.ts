import { describe, expect, it } from 'vitest';
import type { JobAbout } from '../../../src/bot/jobs/jobs.ts';
import type { Caller } from '../../../src/commands/command.ts';
import { command, runningBot } from '../../support/bot.ts';
import { newWorld } from './world.ts';

const ann: Caller = { input: 'memory', room: 'lobby', user: 'u1', person: 'ann' };
const bob: Caller = { ...ann, user: 'u2', person: 'bob' };
const root: Caller = { ...ann, user: 'u3', person: 'root' };

function setup(...lines: readonly Partial<JobAbout>[]) {
  const { jobs, must } = newWorld({ firstId: 41, mayAdmin: ({ person }) => person === 'root' });
  for (const each of lines) jobs.end(must(each).job, 'done');
  return { jobs, must, line: (said: string, caller = ann) => jobs.rerunLine(said, caller) };
}

describe('the line that is run again', () => {
  it('is that of a job, or the last one here', () => {
    const { line, must } = setup({ line: 'deploy one' }, { line: 'deploy two' }, { line: 'deploy three', room: 'ops' });
    expect(line('rerun 41')).toBe('deploy one');
    expect(line('  RERUN  #41 ')).toBe('deploy one');
    for (const said of ['rerun', '!!', 'Rerun']) expect(line(said)).toBe('deploy two');
    must({ line: 'deploy four' });
    expect(line('!!')).toBe('deploy four');
  });

  it('is the one that was typed last, whatever ended last and whatever the clock says', () => {
    let time = 5_000;
    const { jobs, must } = newWorld({ now: () => time });
    const [slow, quick] = [must({ line: 'slow' }).job, must({ line: 'quick' }).job];
    jobs.end(quick, 'done');
    jobs.end(slow, 'done');
    expect(jobs.rerunLine('!!', ann)).toBe('quick');
    time = 1_000;
    must({ line: 'after the clock was set back' });
    expect(jobs.rerunLine('!!', ann)).toBe('after the clock was set back');
  });

  it.each(['rerun 41 | head', 'rerun it', 'rerunning', '!!!', 'deploy', '!! now'])('is not meant by "%s"', (said) => {
    expect(setup({}).line(said)).toBeUndefined();
  });

  it('is none that a schedule or a watch said', () => {
    const { line } = setup({ line: 'deploy one' }, { line: 'health', cause: 'schedule 7' }, { cause: 'watch 8' });
    expect(line('!!')).toBe('deploy one');
    expect(line('rerun 42')).toBe('health');
  });

  it("is somebody else's for admins alone", () => {
    const { line } = setup({ line: 'deploy one' });
    expect(() => line('rerun 41', bob)).toThrow('job 41 is not yours: it is for ann or an admin to run it again');
    expect(() => line('!!', bob)).toThrow('there is nothing of yours here to run again');
    expect(line('rerun 41', root)).toBe('deploy one');
  });

  it('is none with something hidden, none from a private conversation, and none that is forgotten', () => {
    const { line } = setup({ isMasked: true }, { isDirect: true, room: 'dm', line: 'deploy secretly' });
    expect(() => line('rerun 41')).toThrow('had a secret in it, which is not kept');
    expect(() => line('rerun 42')).toThrow('was asked for in private: run it again there');
    expect(line('rerun 42', { ...ann, room: 'dm', isDirect: true })).toBe('deploy secretly');
    expect(() => line('rerun 7')).toThrow('there is no job 7');
  });
});

it('a bot runs it again, and explains what it does not take', async () => {
  const { jobs } = newWorld();
  const deploy = command('deploy', ({ args }) => `deployed ${args.after(0)}`);
  await using bot = runningBot([deploy, ...jobs.commands], {
    jobs,
    rewrite: (said, caller) => jobs.rerunLine(said, caller),
  });
  expect(await bot.say('!!')).toEqual(['error executing cmd: there is nothing of yours here to run again']);
  expect(await bot.say('deploy billing')).toEqual(['deployed billing']);
  expect(await bot.say('!!')).toEqual(['deployed billing']);
  expect(await bot.say('rerun 1')).toEqual(['deployed billing']);
  expect(await bot.say('rerun it')).toEqual(['usage: rerun [ID], with nothing else in the line']);
});
