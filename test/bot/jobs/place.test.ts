import { expect, it } from 'vitest';
import { createJobs } from '../../../src/bot/jobs/create.ts';
import { command, runningBot } from '../../support/bot.ts';
import { until } from '../../support/until.ts';
import { openWorld } from '../invocation/world.ts';

it('shows each its place, which stays right when somebody before it gives up', async () => {
  await using world = openWorld({ jobs: { limits: { all: 1 } } });
  const { bot, jobs } = world;
  const people = ['ann', 'bob', 'cid', 'dan'];
  const said = people.map((sender) =>
    bot.say(`work ${sender}`, { sender, room: sender, direct: false, addressed: true }),
  );
  await until(() => jobs.current.filter(({ state }) => state === 'waiting').length === 3);
  const rows = async (): Promise<readonly (string | undefined)[]> => {
    const [shown = ''] = await bot.say('jobs --all', { sender: 'eva', direct: false, addressed: true });
    return shown
      .split('\n')
      .slice(1)
      .map((line) => /running|waiting.*(?=\t)/.exec(line)?.[0].replace(/\t.*$/, ''));
  };
  expect(await rows()).toEqual(['running', 'waiting, next', 'waiting, 1 before it', 'waiting, 2 before it']);
  const last = jobs.current.at(-1)?.id ?? '';
  expect((await bot.say(`job ${last}`, { sender: 'dan', room: 'x' })).join('')).toContain(
    'Place: 2 before you: 1 command runs',
  );
  expect((await bot.say(`job ${last}`, { sender: 'eva' })).join('')).toContain('Place: 2 before it: 1 command runs');
  const bobs = jobs.current.find(({ line }) => line === 'work bob')?.id ?? '';
  await bot.say(`cancel ${bobs}`, { sender: 'bob', room: 'bob' });
  expect((await said[1])?.at(-1)).toBe('cancelled');
  expect(await rows()).toEqual(['running', 'waiting, next', 'waiting, 1 before it']);
  for (const who of ['ann', 'cid', 'dan']) (await world.began(who)).finish();
  await Promise.all(said);
});

it('is free at once when a job is cancelled that does not care, and a second time there is nothing to cancel', async () => {
  const jobs = createJobs({ limits: { person: 1 } });
  let begun = 0;
  const deaf = command('deaf', async () => {
    begun += 1;
    return await new Promise<string>(() => {});
  });
  await using bot = runningBot([deaf, command('ping', () => 'pong'), ...jobs.commands], { jobs });
  const hanging = bot.say('deaf');
  await until(() => begun === 1);
  const [id = ''] = jobs.current.map((job) => job.id);
  expect(await bot.say(`cancel ${id}`)).toEqual([`job ${id} is cancelled: deaf`]);
  expect(await hanging).toEqual(['cancelled']);
  expect((await bot.say(`cancel ${id}`)).join('')).toContain(`job ${id} is over: cancelled`);
  expect(await bot.say('ping')).toEqual(['pong']);
});

it('lets the next one in when the holder of a lock runs out of time', async () => {
  const jobs = createJobs();
  const deaf = command(
    'deaf',
    async ({ args }) => (args.after(0) === 'first' ? new Promise<string>(() => {}) : 'second ran'),
    {
      lock: [],
      timeoutMs: 300,
    },
  );
  await using bot = runningBot([deaf, ...jobs.commands], { jobs });
  const first = bot.say('deaf first', { sender: 'ann' });
  await until(() => jobs.current.length === 1);
  const second = bot.say('deaf second', { sender: 'bob' });
  expect((await first).join('')).toContain('timed out after 300ms');
  expect((await second).at(-1)).toBe('second ran');
  expect(jobs.find('1')).toMatchObject({ state: 'timed out', why: 'timed out after 300ms' });
});
