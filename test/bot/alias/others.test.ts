import { describe, expect, it } from 'vitest';
import { memoryState } from '../../../src/state/memory.ts';
import type { State } from '../../../src/state/state.ts';
import { StateError } from '../../../src/state/state.ts';
import { aliasBot } from './world.ts';

const ann = { sender: 'ann', direct: false, addressed: true, room: 'ops' };
const ben = { ...ann, sender: 'ben' };
const cy = { ...ann, sender: 'cy' };

const news = 'ship is an alias of this room, made by memory:ann: echo deploy $1 (told once)\n';

describe('an alias that somebody else made for the room', () => {
  it('is told to each who says it, once, and not to its maker', async () => {
    await using bot = await aliasBot();
    await bot.answer('alias --room ship echo deploy $1', ann);
    expect(await bot.answer('ship a', ann)).toBe('deploy a');
    expect(await bot.answer('ship a', ben)).toBe(`${news}deploy a`);
    expect(await bot.answer('ship b', ben)).toBe('deploy b');
    expect(await bot.answer('ship a | count', cy)).toBe(`${news}1`);
    expect(await bot.answer('ship a', cy)).toBe('deploy a');
  });

  it('is told again when it stands for something else, from one run of the bot to the next', async () => {
    const state = memoryState();
    {
      await using bot = await aliasBot(state);
      await bot.answer('alias --room ship echo deploy $1', ann);
      await bot.answer('ship a', ben);
    }
    await using bot = await aliasBot(state);
    expect(await bot.answer('ship a', ben)).toBe('deploy a');
    await bot.answer('alias --room ship echo wipe $1', ann);
    expect(await bot.answer('ship a', ben)).toBe(`${news.replace('deploy', 'wipe')}wipe a`);
    expect(await bot.answer('ship a', ben)).toBe('wipe a');
  });

  it('is told also where it stands in an alias of one’s own, and over what went wrong', async () => {
    await using bot = await aliasBot();
    await bot.answer('alias --room ship echo deploy $1', ann);
    await bot.answer('alias --room fly soar $1', ann);
    await bot.answer('alias both ship a | grep deploy', ben);
    expect(await bot.answer('both', ben)).toBe(`${news}deploy a`);
    expect(await bot.answer('fly a', ben)).toMatch(
      /^fly is an alias .*: soar \$1 \(told once\)\nunknown command "soar"/,
    );
  });

  it('is shown in full and in letters that can be seen', async () => {
    await using bot = await aliasBot();
    const end = `--force ${'x'.repeat(900)} wipe`;
    await bot.answer(`alias --room ship echo pay\u200bments ${end}`, ann);
    const told = await bot.answer('ship', ben);
    expect(told).toContain('pay\\u{200b}ments');
    expect(told.split('\n')[0]).toContain('wipe (told once)');
  });

  it('is in the plan, with who made it, and nobody is told again', async () => {
    await using bot = await aliasBot();
    await bot.answer('alias --room ship echo deploy $1', ann);
    await bot.answer('alias own ship', ben);
    const plan = await bot.answer('--plan own a', ben);
    expect(plan).toContain('nothing was run');
    expect(plan).toContain('Alias: own, by memory:ben: ship');
    expect(plan).toContain('Alias: ship, by memory:ann for this room: echo deploy $1');
    expect(plan).not.toContain('told once');
    expect(await bot.answer('ship a', ben)).toBe('deploy a');
    expect(await bot.answer('ship a --plan', ann)).toContain('Alias: ship, by memory:ann for this room');
  });

  it('is not used up by somebody who only says that they are this person', async () => {
    await using bot = await aliasBot();
    await bot.answer('alias --room ship echo deploy $1', ann);
    expect(await bot.answer('ship a', { ...ben, isKnown: false })).toBe(`${news}deploy a`);
    expect(await bot.answer('ship a', { ...ben, isKnown: false })).toBe(`${news}deploy a`);
    expect(await bot.answer('ship a', ben)).toBe(`${news}deploy a`);
  });

  it('stays news where the network did not take the answer', async () => {
    await using bot = await aliasBot();
    await bot.answer('alias --room ship echo deploy $1', ann);
    const lost = (): never => {
      throw new Error('not delivered');
    };
    await bot.answer('ship a', { ...ben, onReply: lost });
    expect(await bot.answer('ship a', ben)).toBe(`${news}deploy a`);
  });

  it('runs also when it cannot be kept who was told', async () => {
    const state = memoryState();
    let isFull = false;
    const failing: State = {
      ...state,
      async shelf(name, read, empty) {
        const shelf = await state.shelf(name, read, empty);
        return {
          get current() {
            return shelf.current;
          },
          replace: (value) =>
            isFull ? Promise.reject(new StateError('unavailable', 'the disk is full')) : shelf.replace(value),
        };
      },
    };
    await using bot = await aliasBot(failing);
    await bot.answer('alias --room ship echo deploy $1', ann);
    isFull = true;
    expect(await bot.answer('ship a', ben)).toBe(`${news}deploy a`);
    expect(await bot.answer('ship a', ben)).toBe('deploy a');
  });
});
