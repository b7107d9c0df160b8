import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Access, Decision, Person } from '../../../src/access/access.ts';
import { withResolvers } from '../../../src/async/queue.ts';
import { until } from '../../support/until.ts';
import { openWorld } from './world.ts';

const yes: Decision & { readonly isAllowed: true } = {
  isAllowed: true,
  person: 'ann',
  why: 'anybody may',
  path: [],
  confirm: false,
  approvals: 0,
  scopes: [],
};
const ann: Person = { id: 'ann', name: 'Ann', isKnown: true, roles: new Set() };

const rules = (decide: () => unknown, personOf: Access['personOf'] = () => ann): Access => ({
  decide: decide as Access['decide'],
  personOf,
  everybody: () => [ann],
});

const refused = 'work was not run: who may run it could not be found out';

afterEach(() => {
  vi.useRealTimers();
});

describe('rules that', () => {
  it.each<readonly [string, () => unknown]>([
    [
      'throw',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'reject',
      async () => {
        throw new Error('broken');
      },
    ],
    ['reject with nothing', () => Promise.reject()],
    ['say nothing', () => undefined],
    ['say nothing later', async () => null],
    ['say true', () => true],
    ['say yes and leave out the rest', () => ({ isAllowed: true })],
    ['say yes in words', () => ({ ...yes, isAllowed: 'true' })],
    ['want approvals without end', () => ({ ...yes, approvals: Number.NaN })],
    ['want fewer than none', () => ({ ...yes, approvals: -1 })],
  ])('%s refuse', async (_, decide) => {
    await using world = openWorld({ bot: { access: rules(decide) } });
    expect(await world.bot.say('work a')).toEqual([refused]);
    expect(world.working).toEqual([]);
    const [record, ...more] = await world.records();
    expect(record).toMatchObject({ kind: 'denied', line: 'work a', decision: refused });
    expect(more).toEqual([]);
    expect(world.jobs.history(10, () => true).map(({ state }) => state)).toEqual(['denied']);
    expect(world.logged()).toContain('access rules failed');
  });

  it('cannot tell who somebody is run nothing', async () => {
    const access = rules(
      () => yes,
      () => {
        throw new Error('broken');
      },
    );
    await using world = openWorld({ bot: { access } });
    expect(await world.bot.say('work a')).toEqual(['error executing cmd: not run: who you are could not be found out']);
    expect(world.working).toEqual([]);
  });

  it('do not answer refuse in the end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let asked = false;
    const access = rules(() => {
      asked = true;
      return new Promise(() => {});
    });
    await using world = openWorld({ bot: { access } });
    const hanging = world.bot.say('work a');
    await vi.waitUntil(() => asked);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await hanging).toEqual([refused]);
    vi.useRealTimers();
  });

  it('answer when nobody wants it any more begin nothing, and ask nobody', async () => {
    const { promise, resolve } = withResolvers<Decision>();
    let asked = 0;
    let requests = 0;
    const access = rules(() => {
      asked += 1;
      return asked === 1 ? promise : yes;
    });
    const approvals = {
      ask: async (): Promise<never> => {
        requests += 1;
        throw new Error('nobody is asked here');
      },
      onGranted: (): void => {},
    };
    await using world = openWorld({ bot: { access, approvals } });
    const hanging = world.bot.say('work a');
    await until(() => asked === 1);
    await world.bot.say('stop');
    expect(await hanging).toEqual(['cancelled']);
    resolve({ ...yes, approvals: 1 });
    expect(await world.bot.say('look b')).toEqual(['looked b']);
    expect([requests, world.working.length]).toEqual([0, 0]);
    expect(await world.ends()).toEqual({ 'look b': ['done'] });
  });
});

describe('what needs a word', () => {
  it('is refused where nobody can be asked', async () => {
    await using world = openWorld({ bot: { access: rules(() => ({ ...yes, confirm: true })) } });
    expect(await world.bot.say('work a')).toEqual([
      'error executing cmd: work was not run: nobody can be asked for an approval here',
    ]);
  });

  it('is not run when it cannot be kept', async () => {
    const approvals = {
      ask: async (): Promise<never> => {
        throw new Error('the disk is full');
      },
      onGranted: (): void => {},
    };
    await using world = openWorld({ bot: { access: rules(() => ({ ...yes, confirm: true })), approvals } });
    expect(await world.bot.say('work a')).toEqual(['error executing cmd: the disk is full']);
    expect(world.working).toEqual([]);
  });

  it('is shown to its person when it was kept before they took it back: it can still be refused', async () => {
    const { promise, resolve } = withResolvers<void>();
    let isAsked = false;
    const approvals = {
      ask: async () => {
        isAsked = true;
        await promise;
        return { kind: 'text', text: 'confirm with K7QD-2M' } as const;
      },
      onGranted: (): void => {},
    };
    await using world = openWorld({ bot: { access: rules(() => ({ ...yes, confirm: true })), approvals } });
    const asking = world.bot.say('work a');
    await until(() => isAsked);
    await world.bot.say('stop');
    resolve();
    expect(await asking).toEqual(['confirm with K7QD-2M']);
  });
});
