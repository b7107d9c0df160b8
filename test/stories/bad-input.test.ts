import { describe, expect, it } from 'vitest';
import { startConsoleBot } from '../support/console-bot.ts';
import { unique } from '../support/name.ts';

describe('bad input typed at a bot that runs', () => {
  it.each([
    ['ten megabytes', 'x'.repeat(10_000_000), 'message too long: 10000000 bytes, at most 65536\n'],
    ['NUL', 'echo a\u0000b', 'message refused: it has the control character U+0000 at column 7\n'],
    ['an escape sequence', 'echo \u001b[2J', 'message refused: it has the control character U+001B at column 6\n'],
    ['bytes that are no UTF-8', Uint8Array.of(0x70, 0xff, 0xfe), 'message refused: it is not valid UTF-8\n'],
    [
      'a quote that stays open',
      'call "x',
      'the quote " at column 6 is never closed. Write \\" to mean the character\n',
    ],
  ])('%s: refused with a sentence, and the bot goes on', async (_, line, sentence) => {
    const bot = await startConsoleBot({ domain: unique('bad') });
    expect(await bot.say(line)).toBe(sentence);
    expect(await bot.say('ping')).toBe('pong\n');
    bot.process.stdin.end();
    expect((await bot.finished).code).toBe(0);
  });
});
