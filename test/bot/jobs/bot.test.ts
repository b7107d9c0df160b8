import { describe, expect, it } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { createJobs, type JobsOptions } from '../../../src/bot/jobs/create.ts';
import type { Command } from '../../../src/commands/command.ts';
import { text } from '../../../src/document/document.ts';
import { command, runningBot } from '../../support/bot.ts';
import { until } from '../../support/until.ts';

/** A bot with `deploy`, which runs until it is let go, and all about jobs. */
function setup(options: JobsOptions = {}, more: Partial<Command> = {}) {
  const jobs = createJobs(options);
  const running: { readonly what: string; readonly finish: () => void }[] = [];
  const deploy: Command = {
    ...command('deploy', () => ''),
    run: async ({ args, signal }) => {
      const { promise, resolve } = withResolvers<void>();
      const what = args.after(0);
      running.push({ what, finish: () => resolve() });
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      return text(`deployed ${what}`);
    },
    ...more,
  };
  const bot = runningBot([deploy, ...jobs.commands], { jobs });
  const began = (what: string): Promise<{ readonly finish: () => void }> =>
    until(() => running.find((each) => each.what === what));
  return { jobs, bot, running, began };
}

describe('a bot', () => {
  it('runs what has a lock one after the other, and tells who waits for whom', async () => {
    const { bot, began, running } = setup({}, { lock: [] });
    await using _ = bot;
    const first = bot.say('deploy one', { sender: 'ann' });
    const { finish } = await began('one');
    const shown: string[] = [];
    const second = bot.say('deploy two', {
      sender: 'bob',
      onReply: ({ document, kind }) => void (document.kind === 'text' && shown.push(`${kind}: ${document.text}`)),
    });
    await until(() => shown.length > 0);
    expect(shown).toEqual(['progress: waits for job 1 of memory:ann']);
    expect(running).toHaveLength(1);
    finish();
    expect(await first).toEqual(['deployed one']);
    (await began('two')).finish();
    expect((await second).at(-1)).toBe('deployed two');
  });

  it('ends what its person cancels, said in the same conversation', async () => {
    const { bot, began, jobs } = setup();
    await using _ = bot;
    const hanging = bot.say('deploy one', { sender: 'ann' });
    await began('one');
    expect(await bot.say('cancel 1', { sender: 'bob' })).toEqual([
      'job 1 is not yours: it is for memory:ann or an admin to cancel it',
    ]);
    expect(await bot.say('cancel 1', { sender: 'ann' })).toEqual(['job 1 is cancelled: deploy one']);
    expect(await hanging).toEqual(['cancelled']);
    expect(jobs.find('1')?.state).toBe('cancelled');
  });

  it('takes out of the queue what is cancelled there, and lets the next one in', async () => {
    const { bot, began, jobs, running } = setup({ limits: { person: 1 } });
    await using _ = bot;
    const one = bot.say('deploy one', { sender: 'ann' });
    const { finish } = await began('one');
    const two = bot.say('deploy two', { sender: 'ann', room: 'second' });
    const three = bot.say('deploy three', { sender: 'ann', room: 'third' });
    await until(() => jobs.current.filter(({ state }) => state === 'waiting').length === 2);
    const waiting = jobs.current.find(({ line }) => line === 'deploy two');
    await bot.say(`cancel ${waiting?.id ?? ''}`, { sender: 'ann' });
    expect(await two).toEqual(['cancelled']);
    finish();
    (await began('three')).finish();
    expect([await one, await three]).toEqual([['deployed one'], ['deployed three']]);
    expect(running.map(({ what }) => what)).toEqual(['one', 'three']);
  });

  it('says so when too many wait, and serves others', async () => {
    const { bot, began } = setup({ limits: { person: 1, waiting: 1 } });
    await using _ = bot;
    const said = ['one', 'two', 'three'].map((what) => bot.say(`deploy ${what}`, { sender: 'ann', room: what }));
    const { finish } = await began('one');
    expect((await Promise.race(said)).at(-1)).toMatch(/too many/);
    const other = bot.say('deploy four', { sender: 'bob' });
    (await began('four')).finish();
    expect(await other).toEqual(['deployed four']);
    finish();
    (await began('two')).finish();
    await Promise.all(said);
  });
});
