import { describe, expect, it } from 'vitest';
import type { Access, Decision } from '../../../src/access/access.ts';
import { withResolvers } from '../../../src/async/queue.ts';
import { type BotJobs, createJobs } from '../../../src/bot/jobs/create.ts';
import type { Command } from '../../../src/commands/command.ts';
import { filters } from '../../../src/commands/filters/filters.ts';
import { noPlan, type Plan } from '../../../src/commands/plan.ts';
import { type CommandSet, commandSet } from '../../../src/commands/set.ts';
import { accessBy } from '../../access/ask.ts';
import { command, type RunningBot, runningBot } from '../../support/bot.ts';
import { until } from '../../support/until.ts';

const rules = `people: { ann: memory:ann }
rules: [{ command: ship, deny: true }, { command: deploy, people: ann }]
`;

/** Where `deploy` can be taken away or replaced while somebody waits. */
interface House extends AsyncDisposable {
  readonly bot: RunningBot;
  readonly jobs: BotJobs;
  readonly ran: readonly string[];
  /** How many plans are waited for. */
  readonly planning: () => number;
  replace(...commands: readonly Command[]): void;
  /** Lets the plans that are waited for be known. */
  plan(plan?: Plan): void;
  /** Which one says that it ran. */
  deploy(which: string, more?: Partial<Command>): Command;
}

async function house(first: (house: House) => Command, access?: Access): Promise<House> {
  const ran: string[] = [];
  const plans: ((plan: Plan) => void)[] = [];
  let set: CommandSet = commandSet([]);
  const file = await accessBy(rules, { commands: () => set });
  const jobs = createJobs();
  const bot = runningBot([], { commands: () => set, access: access ?? file, jobs });
  const world: House = {
    bot,
    jobs,
    ran,
    planning: () => plans.length,
    replace: (...commands) => {
      set = commandSet([...filters, ...commands]);
    },
    plan: (plan = noPlan) => {
      for (const resolve of plans.splice(0)) resolve(plan);
    },
    deploy: (which, more = {}) =>
      command(
        'deploy',
        () => {
          ran.push(which);
          return `${which} ran`;
        },
        {
          effect: 'change',
          plan: () => {
            const { promise, resolve } = withResolvers<Plan>();
            plans.push(resolve);
            return promise;
          },
          ...more,
        },
      ),
    async [Symbol.asyncDispose]() {
      world.plan();
      await bot[Symbol.asyncDispose]();
      await file[Symbol.asyncDispose]();
    },
  };
  world.replace(first(world));
  return world;
}

const ann = { sender: 'ann' };

describe('a command that is another one by the time its plan is known', () => {
  it.each([
    'deploy x',
    'deploy x | head 1',
    'deploy x | count',
  ])('does not run under the other’s rules: %s', async (line) => {
    await using world = await house((at) => at.deploy('old', { aliases: ['ship'] }));
    const answer = world.bot.say(line, ann);
    await until(() => world.planning() === 1);
    world.replace(world.deploy('new'));
    world.plan();
    expect((await answer).join()).toContain('deploy was not run: it has changed since it was asked for. Ask again.');
    expect(world.ran).toEqual([]);
    const again = world.bot.say('deploy x', ann);
    await until(() => world.planning() === 1);
    world.plan();
    expect(await again).toEqual(['new ran']);
  });

  it('does not run unguarded when the other has a guard', async () => {
    await using world = await house((at) => at.deploy('old'));
    const answer = world.bot.say('deploy x', ann);
    await until(() => world.planning() === 1);
    world.replace(world.deploy('new', { guard: { scopes: ['release'], confirm: false, approvals: 0 } }));
    world.plan();
    expect((await answer).join()).toContain('it has changed since it was asked for');
    expect(world.ran).toEqual([]);
  });

  it('does not run when it was taken away', async () => {
    await using world = await house((at) => at.deploy('old', { aliases: ['ship'] }));
    const answer = world.bot.say('deploy x', ann);
    await until(() => world.planning() === 1);
    world.replace();
    world.plan();
    expect((await answer).join()).toContain('deploy was not run: nobody answers to it any more');
    expect(world.ran).toEqual([]);
  });

  it('runs when only others came and went, or when it was made anew just as it is', async () => {
    await using world = await house((at) => at.deploy('old'));
    const answer = world.bot.say('deploy x', ann);
    await until(() => world.planning() === 1);
    world.replace(
      world.deploy('twin'),
      command('other', () => ''),
    );
    world.plan();
    expect(await answer).toEqual(['old ran']);
  });

  it('does not run when it was replaced while somebody decided', async () => {
    const { promise, resolve } = withResolvers<Decision>();
    let isAsked = false;
    const access: Access = {
      decide: () => {
        isAsked = true;
        return promise;
      },
      personOf: () => ({ id: 'ann', name: 'ann', isKnown: true, roles: new Set() }),
      everybody: () => [],
    };
    await using world = await house((at) => at.deploy('old', { plan: () => noPlan }), access);
    const answer = world.bot.say('deploy x', ann);
    await until(() => isAsked);
    world.replace(world.deploy('new', { aliases: ['ship'] }));
    resolve({ isAllowed: true, person: 'ann', why: '', path: [], confirm: false, approvals: 0, scopes: [] });
    expect((await answer).join()).toContain('it has changed since it was asked for');
    expect(world.ran).toEqual([]);
  });

  it('does not run when it was replaced while it waited for its turn', async () => {
    const { promise, resolve } = withResolvers<void>();
    const begun: string[] = [];
    await using world = await house((at) =>
      at.deploy('old', {
        lock: [],
        aliases: ['roll out'],
        plan: () => noPlan,
        run: async ({ args }) => {
          begun.push(args.after(0));
          await promise;
          return { kind: 'text', text: 'done' };
        },
      }),
    );
    const one = world.bot.say('deploy one', { ...ann, room: 'a' });
    await until(() => begun.length === 1);
    const two = world.bot.say('deploy two', { ...ann, room: 'b' });
    const three = world.bot.say('deploy three', { ...ann, room: 'c' });
    await until(() => world.jobs.current.length === 3);
    world.replace(world.deploy('new', { lock: [] }));
    resolve();
    expect((await one).at(-1)).toBe('done');
    for (const answer of [two, three]) expect((await answer).at(-1)).toContain('it has changed since it was asked for');
    expect(begun).toEqual(['one']);
    expect(world.ran).toEqual([]);
  });
});
