import { describe, expect, it } from 'vitest';
import { createApprovals } from '../../../src/bot/approval/create.ts';
import type { Access } from '../../../src/access/access.ts';
import { memoryState } from '../../../src/state/memory.ts';
import { until } from '../../support/until.ts';
import { openWorld } from './world.ts';

const stopped = ['stopped: the bot is shutting down'];

describe('a bot that leaves', () => {
  it('lets run what has an end, begins nothing that waits, and each ends once', async () => {
    await using world = openWorld({ jobs: { limits: { person: 1 } }, bot: { graceMs: 5_000 } });
    const running = world.bot.say('work a', { room: 'one' });
    const { finish } = await world.began('a');
    const shown: string[] = [];
    const waiting = world.bot.say('work b', { room: 'two', onReply: ({ kind }) => void shown.push(kind) });
    const behind = world.bot.say('work c', { room: 'one' });
    await until(() => shown.length > 0);
    world.bot.stop();
    expect((await waiting).at(-1)).toBe(stopped[0]);
    expect(await behind).toEqual(stopped);
    finish();
    expect(await running).toEqual(['worked a']);
    await world.bot.ended;
    expect(world.working.map(({ what }) => what)).toEqual(['a']);
    expect(await world.ends()).toEqual({ 'work a': ['done'] });
    expect(world.jobs.current).toEqual([]);
  });

  it('ends what does not end in time, and says so in the audit', async () => {
    await using world = openWorld({ bot: { graceMs: 20 } });
    const running = world.bot.say('work a');
    const { signal } = await world.began('a');
    world.bot.stop();
    expect(await running).toEqual(stopped);
    expect(signal.aborted).toBe(true);
    await world.bot.ended;
    expect(await world.ends()).toEqual({ 'work a': ['cancelled'] });
  });

  it('ends at once what has no end', async () => {
    await using world = openWorld({ work: { isEndless: true } });
    const running = world.bot.say('work a');
    await world.began('a');
    world.bot.stop();
    expect(await running).toEqual(stopped);
    await world.bot.ended;
    expect(await world.ends()).toEqual({ 'work a': ['cancelled'] });
  });
});

describe('too much', () => {
  it('is refused with a sentence, and leaves no trace of a beginning', async () => {
    await using world = openWorld({ jobs: { limits: { person: 1, waiting: 1 } } });
    const first = world.bot.say('work a', { room: 'one' });
    const { finish } = await world.began('a');
    const second = world.bot.say('work b', { room: 'two' });
    await until(() => world.jobs.current.length === 2);
    expect(await world.bot.say('work c', { room: 'three' })).toEqual([
      'not run: too many commands of yours wait for their turn already',
    ]);
    finish();
    (await world.began('b')).finish();
    await Promise.all([first, second]);
    expect(await world.ends()).toEqual({ 'work a': ['done'], 'work b': ['done'] });
  });

  it('does not keep commands about jobs from passing what runs in their conversation', async () => {
    await using world = openWorld({ jobs: { limits: { person: 1 } } });
    const running = world.bot.say('work a');
    await world.began('a');
    expect((await world.bot.say('jobs')).join()).toContain('work a');
    expect(await world.bot.say('cancel')).toEqual(['job 1 is cancelled: work a']);
    expect(await running).toEqual(['cancelled']);
    expect((await world.ends())['work a']).toEqual(['cancelled']);
  });
});

describe('a grant', () => {
  const people: Access = {
    decide: () => decision,
    personOf: ({ user, name }) => {
      if (isBroken) throw new Error('the rules are broken');
      return { id: user, name, isKnown: true, roles: new Set(['release']) };
    },
    everybody: () => [],
  };
  const wanting = { isAllowed: true, person: 'ann', why: '', path: [], confirm: false, scopes: ['release'] } as const;
  let decision: ReturnType<Access['decide']> = { ...wanting, approvals: 1 };
  let isBroken = false;

  async function approving() {
    decision = { ...wanting, approvals: 1 };
    isBroken = false;
    const state = memoryState();
    const approvals = await createApprovals({ state, access: people, audit: { write: async () => {} } });
    let version = '1';
    /** What is done before a grant is used. */
    let before = (): void => {};
    const world = openWorld({
      commands: approvals.commands,
      work: { plan: () => ({ parameters: new Map([['version', [version]]]), secrets: [] }) },
      bot: {
        access: people,
        approvals: {
          ask: (wanted) => approvals.ask(wanted),
          onGranted: (run) =>
            approvals.onGranted((grant) => {
              before();
              return run(grant);
            }),
        },
      },
    });
    const shown = (await world.bot.say('work a', { sender: 'ann' })).join();
    const [code = ''] = /[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(shown) ?? [];
    decision = { ...wanting, approvals: 0 };
    return {
      world,
      code,
      approvals,
      change: () => {
        version = '2';
      },
      beforeRun: (work: () => void) => {
        before = work;
      },
      unasked: () => JSON.stringify(world.bot.input.unasked),
    };
  }

  it('for something that changed meanwhile runs nothing, also where nobody need agree any more', async () => {
    const { world, code, change, unasked, approvals } = await approving();
    await using _ = world;
    change();
    await world.bot.say(`approve ${code}`, { sender: 'ben' });
    await until(() => unasked().includes('has changed since it was agreed to'));
    expect(world.working).toEqual([]);
    await approvals.close();
  });

  it('runs once and ends once, with who agreed to it', async () => {
    const { world, code, approvals } = await approving();
    await using _ = world;
    await world.bot.say(`approve ${code}`, { sender: 'ben' });
    (await world.began('a')).finish();
    await until(async () => (await world.ends())['work a']?.length === 1);
    const started = (await world.records()).find(
      ({ kind, ...record }) => kind === 'started' && 'cause' in record && record.cause === `approval ${code}`,
    );
    expect(started).toMatchObject({ line: 'work a', approvers: ['ben'] });
    expect((await world.bot.say(`approve ${code}`, { sender: 'cy' })).join()).toContain('was approved by ben and runs');
    await approvals.close();
  });

  it('that comes when the rules break runs nothing, and its person hears of it', async () => {
    const { world, code, approvals, beforeRun, unasked } = await approving();
    await using _ = world;
    beforeRun(() => {
      isBroken = true;
    });
    await world.bot.say(`approve ${code}`, { sender: 'ben' });
    await until(() => unasked().includes('error'));
    expect(world.working).toEqual([]);
    isBroken = false;
    expect(world.jobs.current).toEqual([]);
    await approvals.close();
  });
});
