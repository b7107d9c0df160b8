import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApprovals } from '../../../src/bot/approval/create.ts';
import { type Command, CommandError, type Missing } from '../../../src/commands/command.ts';
import { filters } from '../../../src/commands/filters/filters.ts';
import { noPlan } from '../../../src/commands/plan.ts';
import { renderTerminal } from '../../../src/document/terminal.ts';
import { memoryState } from '../../../src/state/memory.ts';
import { command } from '../../support/bot.ts';
import { openWorld, type World } from './world.ts';

const env: Missing = { name: 'env', expected: 'text', isSecret: false, description: 'where to' };

/** A command that wants `--env=`, and says with what it ran. */
const ship = (missing: Missing = env, secrets: readonly string[] = []): Command =>
  command('ship', ({ args }) => `shipped ${args.words.join(' ')}`, {
    plan: ({ args }) => {
      if (args.words.some((word) => word.startsWith(`--${missing.name}=`))) return noPlan;
      throw new CommandError('usage', `${missing.name} is missing`, { missing, secrets });
    },
  });

const asked = 'env is missing\nenv? (where to; text; "cancel" to leave it)';
const open = (missing?: Missing): World => openWorld({ commands: [ship(missing), ...filters] });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('what is missing', () => {
  it('is asked for, and the next message is the answer, as it is', async () => {
    await using world = open();
    expect(await world.bot.say('ship billing')).toEqual([asked]);
    expect(await world.bot.say('a "b" | c > #d')).toEqual(['shipped billing --env=a "b" | c > #d']);
    expect(await world.bot.say('look a')).toEqual(['looked a']);
    expect(await world.ends()).toEqual({
      [`ship billing --env='a "b" | c > #d'`]: ['done'],
      'look a': ['done'],
    });
  });

  it('is no answer that is a line of its own, such as what the buttons of the question say', async () => {
    await using world = open({ ...env, choices: ['prod', 'staging'] });
    await world.bot.say('ship billing');
    expect(await world.bot.say('ship billing --env=prod')).toEqual(['shipped billing --env=prod']);
    await world.bot.say('ship billing');
    expect(await world.bot.say('look a')).toEqual(['looked a']);
    await world.bot.say('ship billing');
    expect((await world.bot.say('--plan look a')).join()).toContain('This is a plan');
    // One word may be either: where it only reads, no harm is done.
    await world.bot.say('ship billing');
    expect(await world.bot.say('Look')).toEqual(['looked ']);
    expect(await world.bot.say('ship')).toEqual(['shipped billing --env=ship']);
    await using choosing = open({ ...env, choices: ['look', 'prod'] });
    await choosing.bot.say('ship billing');
    expect(await choosing.bot.say('look')).toEqual(['shipped billing --env=look']);
  });

  const choosy: Missing = {
    ...env,
    choices: ['prod', 'test'],
    complaint: (value) => (['prod', 'test'].includes(value) ? undefined : `env: ${value} is none of prod, test`),
  };

  it('is asked for again when the answer can be none, and then the line is run as it is', async () => {
    await using world = open(choosy);
    const again = 'env: prodd is none of prod, test\nenv? (where to; text; "cancel" to leave it)';
    await world.bot.say('ship billing');
    expect(await world.bot.say('prodd')).toEqual([again]);
    expect(await world.bot.say('prod')).toEqual(['shipped billing --env=prod']);
    await world.bot.say('ship billing');
    expect(await world.bot.say('prodd')).toEqual([again]);
    expect(await world.bot.say('prodd')).toEqual([again]);
    expect(await world.bot.say('prodd')).toEqual(['shipped billing --env=prodd']);
    await world.bot.say('ship billing');
    await world.bot.say('prodd');
    expect(await world.bot.say('cancel')).toEqual(['left: nothing was run']);
    expect(await world.ends()).toEqual({
      'ship billing --env=prod': ['done'],
      'ship billing --env=prodd': ['done'],
    });
  });

  it('stands in the first command of a pipe, and the answer goes where it was to go', async () => {
    await using world = open();
    expect(await world.bot.say('ship billing | grep nothing | count > #ops')).toEqual([asked]);
    expect(await world.bot.say('prod')).toEqual(['sent to #ops']);
    expect(world.bot.input.unasked).toMatchObject([{ place: { kind: 'room', room: '#ops' } }]);
    // Others there see whose words these are.
    expect(world.bot.input.unasked.map(({ document }) => renderTerminal(document))).toEqual([
      'somebody (memory:somebody) sent this:\n0',
    ]);
    expect(Object.keys(await world.ends())).toEqual(['ship billing --env=prod | grep nothing | count > #ops']);
  });

  it('is explained alone where it was to be', async () => {
    await using world = open();
    expect(await world.bot.say('ship billing --plan')).toEqual([asked]);
    const plan = (await world.bot.say('prod')).join();
    expect(plan).toContain('This is a plan: nothing was run.');
    expect(plan).toContain('ship billing --env=prod');
    expect(await world.records()).toEqual([]);
  });

  it.each(['cancel', 'Stop', 'never mind', 'no'])('is left when its person says "%s"', async (words) => {
    await using world = open();
    await world.bot.say('ship billing');
    expect(await world.bot.say(words)).toEqual(['left: nothing was run']);
    expect(await world.bot.say('look prod')).toEqual(['looked prod']);
    expect(Object.keys(await world.ends())).toEqual(['look prod']);
  });

  it('may be a yes or a no, although these are commands where words are asked for', async () => {
    const state = memoryState();
    const approvals = await createApprovals({
      state,
      access: {
        decide: () => ({ isAllowed: false, person: 'ann', why: '', path: [] }),
        personOf: ({ name }) => ({ id: name, name, isKnown: true, roles: new Set() }),
        everybody: () => [],
      },
      audit: { write: async () => {} },
    });
    const choices = ['true', 'false'];
    await using world = openWorld({
      commands: [ship({ ...env, choices }), ...approvals.commands],
      bot: { approvals },
    });
    for (const word of ['yes', 'No']) {
      await world.bot.say('ship billing');
      expect(await world.bot.say(word)).toEqual([`shipped billing --env=${word}`]);
    }
    await world.bot.say('ship billing');
    // A command that does not wait is no answer.
    expect((await world.bot.say('approve K7QD-2M')).join()).toContain('nothing waits under K7QD-2M');
    expect(await world.bot.say('prod')).toEqual(['shipped billing --env=prod']);
    await approvals.close();
  });

  it('has its choices as buttons', async () => {
    await using world = open({ ...env, choices: ['prod', 'test'] });
    const [reply] = await world.bot.input.say('ship "my billing" | count');
    expect(JSON.stringify(reply?.document)).toContain('ship \\"my billing\\" --env=prod | count');
  });

  it('has no buttons where they would carry a secret', async () => {
    const choices = ['prod', 'test'];
    await using world = openWorld({ commands: [ship({ ...env, choices }, ['sesame'])] });
    const replies = await world.bot.input.say('ship --token=sesame');
    expect(JSON.stringify(replies)).toContain('env? (where to');
    expect(JSON.stringify(replies)).not.toContain('sesame');
  });

  it('is answered by whoever was asked, where they were asked', async () => {
    await using world = open();
    await world.bot.say('ship billing', { sender: 'ann', room: 'a' });
    expect(await world.bot.say('look 1', { sender: 'ben', room: 'a' })).toEqual(['looked 1']);
    expect(await world.bot.say('look 2', { sender: 'ann', room: 'b' })).toEqual(['looked 2']);
    expect(await world.bot.say('look 3', { sender: 'ann', room: 'a', thread: 't' })).toEqual(['looked 3']);
    expect(await world.bot.say('prod', { sender: 'ann', room: 'a' })).toEqual(['shipped billing --env=prod']);
  });

  it('is forgotten after a while', async () => {
    await using world = open();
    await world.bot.say('ship billing');
    const now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => now + 121_000);
    expect(await world.bot.say('look prod')).toEqual(['looked prod']);
  });

  it('is given to nothing else, whatever the line ends with', async () => {
    await using world = open();
    await world.bot.say('ship C:\\dir\\');
    expect(await world.bot.say('prod')).toEqual(['shipped C:\\dir\\ --env=prod']);
  });

  it('is no longer asked for where a secret was asked for since, which is not to be said there', async () => {
    const pin = command('pin', () => '', {
      plan: () => {
        throw new CommandError('usage', 'pin is missing', { missing: { ...env, name: 'pin', isSecret: true } });
      },
    });
    await using world = openWorld({ commands: [ship(), pin] });
    const room = { direct: false, addressed: true };
    await world.bot.say('ship billing', room);
    expect((await world.bot.say('pin billing', room)).join()).toContain('run this in a direct conversation');
    expect((await world.bot.say('hunter22', room)).join()).toContain('unknown command');
    expect(await world.records()).toEqual([]);
  });

  it('is not asked for before others when it is a secret', async () => {
    await using world = open({ ...env, isSecret: true });
    expect((await world.bot.say('micro ship billing', { direct: false })).join()).toBe(
      'env is missing\nenv is a secret: run this in a direct conversation.',
    );
    expect(await world.bot.say('micro look prod', { direct: false })).toEqual(['looked prod']);
  });
});
