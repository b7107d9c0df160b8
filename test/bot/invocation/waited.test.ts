import { describe, expect, it } from 'vitest';
import type { Access, Decision, Question } from '../../../src/access/access.ts';
import { withResolvers } from '../../../src/async/queue.ts';
import { filters } from '../../../src/commands/filters/filters.ts';
import { testBot } from '../../../src/testing/bot.ts';
import { command } from '../../support/bot.ts';
import { until } from '../../support/until.ts';
import { openWorld } from './world.ts';

const allowed: Decision & { readonly isAllowed: true } = {
  isAllowed: true,
  person: 'ann',
  why: 'open',
  path: [],
  confirm: false,
  approvals: 0,
  scopes: [],
};
const nobody = { id: 'ann', name: 'ann', isKnown: true, roles: new Set<string>() };

/** Rules that say what `answer` says. */
const rules = (answer: (question: Question) => Decision | Promise<Decision>): Access => ({
  decide: answer,
  personOf: () => nobody,
  everybody: () => [nobody],
});

/** `work one` runs, and another of the same lock waits for it. */
async function waiting(answer: () => Decision | Promise<Decision>, line: string) {
  const world = openWorld({ work: { lock: [] }, commands: filters, bot: { access: rules(answer) } });
  const first = world.bot.say('work one', { room: 'a' });
  const one = await world.began('one');
  const second = world.bot.say(line, { room: 'b' });
  await until(() => world.jobs.current.some(({ state }) => state === 'waiting'));
  return { world, first, one, second };
}

describe('a line that waited for its turn', () => {
  it('does not run in a freeze that began meanwhile', async () => {
    const ran: string[] = [];
    const { promise, resolve } = withResolvers<void>();
    const deploy = command('deploy', () => '', {
      effect: 'change',
      lock: [],
      run: async ({ args }) => {
        ran.push(args.after(0));
        await promise;
        return { kind: 'text', text: 'done' };
      },
    });
    await using bot = await testBot({
      commands: [deploy],
      now: '2026-11-20T09:00:00Z',
      access: `
people: { ann: test:ann, ben: test:ben }
rules: [{ command: deploy, people: [ann, ben] }]
freezes: [{ from: 2026-11-20T10:00:00Z, to: 2026-11-20T11:00:00Z }]
`,
    });
    const first = bot.say('deploy one', { as: 'ann' });
    await until(() => ran.length === 1);
    const second = bot.say('deploy two', { as: 'ben' });
    await until(async () => /deploy two.*wait/.test((await bot.say('jobs', { as: 'ben' })).text));
    await bot.pass(3_600_000);
    resolve();
    expect((await first).text).toBe('done');
    expect(await second).toMatchObject({ outcome: 'denied', text: expect.stringContaining('a change freeze') });
    expect(ran).toEqual(['one']);
    expect((await bot.audit({ command: 'deploy', person: 'ben' })).map((each) => each.kind)).toEqual(['denied']);
    expect((await bot.say('history', { as: 'ben' })).text).toMatch(/deploy two\s+denied/);
  });

  it.each(['work two', 'work two | head 1'])('is not run when it takes a word by then: %s', async (line) => {
    let decision: Decision = allowed;
    const { world, first, one, second } = await waiting(() => decision, line);
    await using _ = world;
    decision = { ...allowed, confirm: true };
    one.finish();
    await first;
    expect((await second).at(-1)).toContain("it takes somebody's word by now. Ask again");
    expect(world.working).toHaveLength(1);
    expect(await world.ends()).toEqual({ 'work one': ['done'] });
  });

  it('can be taken back while it is asked again whether it may', async () => {
    const { promise, resolve } = withResolvers<Decision>();
    let decision: Decision | Promise<Decision> = allowed;
    let asked = 0;
    const answer = (): Decision | Promise<Decision> => {
      asked += 1;
      return decision;
    };
    const { world, first, one, second } = await waiting(answer, 'work two');
    await using _ = world;
    const before = asked;
    decision = promise;
    one.finish();
    await first;
    await until(() => asked > before);
    const [job] = world.jobs.current;
    expect(world.jobs.cancel(job?.id ?? '', 'taken back')).toBe(true);
    expect((await second).at(-1)).toBe('taken back');
    resolve(allowed);
    expect(world.working).toHaveLength(1);
    expect(world.jobs.current).toEqual([]);
  });

  it('runs when it still may, by what counts then', async () => {
    let decision: Decision = allowed;
    const { world, first, one, second } = await waiting(() => decision, 'work two');
    await using _ = world;
    decision = { ...allowed, why: 'open by another rule' };
    one.finish();
    await first;
    (await world.began('two')).finish();
    expect((await second).at(-1)).toBe('worked two');
    expect(await world.records()).toContainEqual(
      expect.objectContaining({ kind: 'started', line: 'work two', decision: 'open by another rule' }),
    );
  });
});
