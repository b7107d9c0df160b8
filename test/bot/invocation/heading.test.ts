import { expect, it } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { renderTerminal } from '../../../src/document/terminal.ts';
import { type Document, text } from '../../../src/document/document.ts';
import type { SayOptions } from '../../../src/inputs/memory/memory.ts';
import { command } from '../../support/bot.ts';
import { aliasBot, type AliasBot } from '../alias/world.ts';

const ann = { sender: 'ann', direct: false, addressed: true, room: 'ops' };
const ben = { ...ann, sender: 'ben' };
const heading = 'go is an alias of this room, made by memory:ann: count up (told once)';

/** Says how far it has come, in these words, and ends when `last` does. */
async function counting(steps: readonly string[], last: () => Promise<void> = async () => {}): Promise<AliasBot> {
  const bot = await aliasBot();
  bot.add(
    command('count up', () => '', {
      run: async function* (): AsyncIterable<Document> {
        for (const step of steps) yield text(step);
        await last();
      },
    }),
  );
  await bot.answer('alias --room go count up', ann);
  return bot;
}

const replies = (bot: AliasBot, typed: string, options: SayOptions) => bot.input.say(typed, options);

it('stands over the first that is said and over the end, not over all that is said between', async () => {
  await using bot = await counting(['one', 'two', 'three']);
  const said = await replies(bot, 'go', ben);
  const shown = said.map(({ kind, document }) => `${kind}: ${renderTerminal(document)}`);
  expect(shown.slice(0, 2)).toEqual([`progress: ${heading}\none`, 'progress: two']);
  expect(shown.at(-1)).toBe(`answer: ${heading}\nthree`);
  expect(await bot.answer('go', ben)).not.toContain('told once');
});

it('leaves the end the very document that was the last progress', async () => {
  let shown = withResolvers<void>();
  await using bot = await counting(['one'], () => shown.promise);
  for (const isHeaded of [true, false]) {
    shown = withResolvers<void>();
    const said = await replies(bot, 'go', { ...ben, onReply: () => shown.resolve() });
    expect(said.map(({ kind }) => kind)).toEqual(['progress', 'answer']);
    expect(said[1]?.document).toBe(said[0]?.document);
    expect(JSON.stringify(said[1]?.document).includes('told once')).toBe(isHeaded);
  }
});

it('stands where the line was said, not where its answer was sent', async () => {
  await using bot = await counting(['one', 'two']);
  expect(await bot.answer('go > #dev', ben)).toBe(`${heading}\nsent to #dev`);
  expect(bot.input.unasked.map(({ document }) => renderTerminal(document)).at(-1)).toBe(
    'ben (memory:ben) sent this:\ntwo',
  );
});
