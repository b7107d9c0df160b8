import { expect, test } from 'vitest';
import { startConsoleBot } from '../support/console-bot.ts';
import { unique } from '../support/name.ts';
import { block, page } from './example.ts';

test('the conversation of the guide is what people get', async () => {
  const bot = await startConsoleBot({ domain: unique('chat') });
  const turns = block(page('docs/guides/chat.md'), 'text')
    .split(/^> /m)
    .slice(1)
    .map((turn) => ({ typed: turn.slice(0, turn.indexOf('\n')), answer: turn.slice(turn.indexOf('\n') + 1) }));
  expect(turns.length).toBeGreaterThan(5);
  for (const { typed, answer } of turns) expect(`${typed}\n${await bot.say(typed)}`).toBe(`${typed}\n${answer}`);
});
