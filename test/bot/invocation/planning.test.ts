import { afterEach, describe, expect, it, vi } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { type Command, CommandError } from '../../../src/commands/command.ts';
import { noPlan, type Plan } from '../../../src/commands/plan.ts';
import { command } from '../../support/bot.ts';
import { until } from '../../support/until.ts';
import { openWorld } from './world.ts';

/** A command that would do what `plan` says. */
const planned = (plan: NonNullable<Command['plan']>): Command => command('risky', () => 'ran', { plan });

afterEach(() => {
  vi.useRealTimers();
});

describe('a plan', () => {
  it.each([
    'look y --plan',
    '--plan look y',
    'look y —plan',
    '–plan look y',
    'look y ––plan',
    '‑‑plan look y',
    'look y −−Plan',
    'look y `--plan`',
    'look y ```--plan```',
    '`--Plan` look y',
  ])('is shown, and nothing runs: %s', async (typed) => {
    await using world = openWorld();
    expect(await world.bot.say(typed)).toEqual([expect.stringContaining('This is a plan: nothing was run.')]);
    expect(world.jobs.history(10, () => true)).toEqual([]);
  });

  it('that throws for people is told, and nothing is recorded or counted', async () => {
    const risky = planned(() => {
      throw new CommandError('usage', 'env is missing');
    });
    await using world = openWorld({ commands: [risky] });
    expect(await world.bot.say('risky x')).toEqual(['env is missing']);
    expect(await world.records()).toEqual([]);
    expect(world.jobs.history(10, () => true)).toEqual([]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new TypeError('of undefined');
      },
    ],
    [
      'rejects',
      async () => {
        throw new TypeError('of undefined');
      },
    ],
  ] as const)('that %s in its own words refuses', async (_, plan) => {
    await using world = openWorld({ commands: [planned(plan)] });
    expect(await world.bot.say('risky x')).toEqual(['error executing cmd: of undefined']);
    expect(await world.bot.say('echo')).not.toEqual([]);
  });

  it.each([
    undefined,
    null,
    'yes',
    {},
    { parameters: {}, secrets: 'none' },
  ])('that is none (%j) refuses with a sentence, and what comes next is answered', async (garbage) => {
    await using world = openWorld({ commands: [planned(() => garbage as unknown as Plan)] });
    expect(await world.bot.say('risky x')).toEqual(['error executing cmd: risky did not say what it would do']);
    expect(await world.bot.say('look y')).toEqual(['looked y']);
  });

  it('is not shown with what looks like a secret', async () => {
    const risky = planned(() => {
      throw new Error('no access to https://ann:hunter22@db.example/x with token=abcdef0123456789');
    });
    await using world = openWorld({ commands: [risky] });
    const said = (await world.bot.say('risky x')).join();
    expect(said).toContain('no access to');
    expect(said).not.toContain('hunter22');
    expect(said).not.toContain('abcdef0123456789');
  });

  it('that hangs is taken back at once, and what it says later runs nothing', async () => {
    const { promise, resolve } = withResolvers<Plan>();
    let asked = 0;
    const run = vi.fn(() => 'ran');
    const risky = command('risky', run, {
      plan: () => {
        asked += 1;
        return promise;
      },
    });
    await using world = openWorld({ commands: [risky] });
    const hanging = world.bot.say('risky x');
    await until(() => asked === 1);
    expect(await world.bot.say('stop')).toEqual([]);
    expect(await hanging).toEqual(['cancelled']);
    resolve(noPlan);
    expect(await world.bot.say('look y')).toEqual(['looked y']);
    expect(run).not.toHaveBeenCalled();
    expect(await world.ends()).toEqual({ 'look y': ['done'] });
  });

  it('that hangs for ever is given up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let asked = false;
    const risky = planned(() => {
      asked = true;
      return new Promise(() => {});
    });
    await using world = openWorld({ commands: [risky] });
    const hanging = world.bot.say('risky x');
    await vi.waitUntil(() => asked);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await hanging).toEqual(['error executing cmd: no answer within 10 s']);
    vi.useRealTimers();
  });

  it('that hangs does not hold up a bot that leaves', async () => {
    let asked = false;
    const risky = planned(() => {
      asked = true;
      return new Promise(() => {});
    });
    await using world = openWorld({ commands: [risky] });
    const hanging = world.bot.say('risky x');
    await until(() => asked);
    world.bot.stop();
    expect(await hanging).toEqual(['stopped: the bot is shutting down']);
    await world.bot.ended;
    expect(world.logged()).not.toContain('left before every reply');
  });
});
