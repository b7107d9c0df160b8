import { describe, expect, it } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { until } from '../../support/until.ts';
import { openWorld } from './world.ts';

describe('an audit that cannot be written', () => {
  it.each<readonly [string, () => Promise<void>]>([
    ['rejects', () => Promise.reject(new Error('the disk is full'))],
    [
      'throws',
      () => {
        throw new Error('the disk is full');
      },
    ],
  ])('and %s: a change is refused, what only reads runs', async (_, write) => {
    await using world = openWorld();
    // That of an embedding program may throw at once.
    world.audit = write;
    expect(await world.bot.say('work a')).toEqual(['work was not run: it could not be recorded (the disk is full)']);
    expect(world.working).toEqual([]);
    expect(await world.bot.say('look b')).toEqual(['looked b']);
    expect(world.jobs.current).toEqual([]);
    expect(world.jobs.history(2, () => true).map(({ state }) => state)).toEqual(['done', 'failed']);
  });

  it('for a beginning: of what ran all the same there is no end either', async () => {
    await using world = openWorld();
    world.audit = (event, write) => (event.kind === 'started' ? Promise.reject(new Error('full')) : write());
    expect(await world.bot.say('look b')).toEqual(['looked b']);
    expect(await world.records()).toEqual([]);
  });

  it('for an end: its person is answered all the same', async () => {
    await using world = openWorld();
    world.audit = (event, write) => (event.kind === 'ended' ? Promise.reject(new Error('full')) : write());
    expect(await world.bot.say('look b')).toEqual(['looked b']);
  });
});

it('a clock that is set back makes no run shorter than nothing', async () => {
  let time = Date.now();
  await using world = openWorld({ jobs: { now: () => (time -= 60_000) } });
  await world.bot.say('look b');
  const [, ended] = await until(async () => {
    const records = await world.records();
    return records.length === 2 && records;
  });
  expect(ended).toMatchObject({ kind: 'ended', outcome: 'done', durationMs: 0 });
});

describe('an audit that takes its time', () => {
  it('holds up what it is about, and one that is taken back meanwhile never begins, and has its one end', async () => {
    const { promise, resolve } = withResolvers<void>();
    await using world = openWorld();
    let isWriting = false;
    world.audit = async (event, write) => {
      if (event.kind === 'started' && event.line === 'work a') {
        isWriting = true;
        await promise;
      }
      await write();
    };
    const hanging = world.bot.say('work a');
    await until(() => isWriting);
    expect(world.working).toEqual([]);
    let said = '';
    void world.bot.say('stop').then((answer) => {
      said = answer.join();
    });
    await until(() => world.jobs.current.length === 0);
    resolve();
    expect(await hanging).toEqual(['cancelled']);
    expect(said).toBe('');
    expect(world.working).toEqual([]);
    expect(await world.ends()).toEqual({ 'work a': ['cancelled'] });
  });

  it('keeps a bot that leaves until what began is recorded with its end', async () => {
    const { promise, resolve } = withResolvers<void>();
    await using world = openWorld();
    let isWriting = false;
    world.audit = async (event, write) => {
      if (event.kind === 'started') {
        isWriting = true;
        await promise;
      }
      await write();
    };
    const hanging = world.bot.say('work a');
    await until(() => isWriting);
    let hasLeft = false;
    void world.bot.ended.then(() => {
      hasLeft = true;
    });
    world.bot.stop();
    await until(() => world.jobs.current.length === 0);
    expect(hasLeft).toBe(false);
    resolve();
    expect(await hanging).toEqual(['stopped: the bot is shutting down']);
    await world.bot.ended;
    expect(await world.ends()).toEqual({ 'work a': ['cancelled'] });
  });

  it('of whose node nobody can tell: it ends once', async () => {
    const answerer = (): never => {
      throw new Error('nobody knows');
    };
    await using world = openWorld({ bot: { answerer } });
    expect(await world.bot.say('look a')).toEqual(['looked a']);
    expect(await world.ends()).toEqual({ 'look a': ['done'] });
  });
});
