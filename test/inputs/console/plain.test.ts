import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createBot } from '../../../src/bot/bot.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { inputContract } from '../../contract/input.ts';
import { command } from '../../support/bot.ts';
import { testConsole } from '../../support/console.ts';
import { until } from '../../support/until.ts';

inputContract('the console without a terminal', () => {
  const { input, keyboard, shown } = testConsole();
  return { input, shown, type: (typed) => void keyboard.write(`${typed}\n`), end: () => void keyboard.end() };
});

let running = 0;
const commands = commandSet([
  command('ping', () => 'pong'),
  command('echo', ({ args }) => args.after(0)),
  command('once', async () => {
    running += 1;
    await new Promise((resolve) => setImmediate(resolve));
    const alone = running === 1;
    running -= 1;
    return alone ? 'alone' : 'not alone';
  }),
]);

/** Everything a bot prints for these bytes, until it leaves at the end of them. */
async function printed(...chunks: readonly (string | Uint8Array)[]): Promise<string> {
  const { input, keyboard, shown } = testConsole();
  const ended = createBot({ inputs: [input], commands: () => commands }).run(new AbortController().signal);
  for (const chunk of chunks) keyboard.write(chunk);
  keyboard.end();
  await ended;
  return shown();
}

describe('lines from a pipe', () => {
  it('are answered one after the other, without a prompt, until the end of the file', async () => {
    expect(await printed('ping\necho  a  b\n\n   \necho last')).toBe('pong\na  b\nlast\n');
    expect(await printed('once\n'.repeat(50))).toBe('alone\n'.repeat(50));
    expect(await printed('')).toBe('');
  });

  it('may end as on Windows, and come in any pieces', async () => {
    expect(await printed('ping\r\necho a\r\n')).toBe('pong\na\n');
    const bytes = Buffer.from('echo Jöhn 🌍\r\nping');
    expect(await printed(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toBe('Jöhn 🌍\npong\n');
  });

  it.each([
    ['ten megabytes', 'x'.repeat(10_000_000), 'message too long: 10000000 bytes, at most 65536'],
    ['one byte too much', 'x'.repeat(65_537), 'message too long: 65537 bytes, at most 65536'],
    ['bytes that are no UTF-8', Uint8Array.of(0x70, 0xff, 0xfe), 'message refused: it is not valid UTF-8'],
    ['half a character', Uint8Array.of(0xe2, 0x82), 'message refused: it is not valid UTF-8'],
    ['NUL', 'a\u0000b', 'message refused: it has the control character U+0000 at column 2'],
  ])('with %s are refused with a sentence, and the next is answered', async (_, bad, sentence) => {
    expect(await printed(bad, '\nping\n')).toBe(`${sentence}\npong\n`);
    expect(await printed('ping\n', bad)).toBe(`pong\n${sentence}\n`);
  });

  it('may be as long as the limit, with a Windows end behind', async () => {
    const longest = 'x'.repeat(65_531);
    expect(await printed(`echo ${longest}\r\n`)).toBe(`${longest}\n`);
  });

  it('are read no further than they are answered', async () => {
    const { input, keyboard } = testConsole();
    const messages = input.messages(new AbortController().signal)[Symbol.asyncIterator]();
    keyboard.write('one\ntwo\n');
    const first = await messages.next();
    let second = false;
    const next = messages.next().then(() => (second = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(second).toBe(false);
    first.value?.settled?.();
    await next;
    await messages.return?.();
  });
});

describe('a console that breaks', () => {
  const broken = (code: string): Writable =>
    new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(`write ${code}`), { code })),
    });

  it('ends quietly when nobody reads any more', async () => {
    const { input, keyboard } = testConsole({ output: broken('EPIPE') });
    const ended = createBot({ inputs: [input], commands: () => commands }).run(new AbortController().signal);
    keyboard.write('ping\nping\n');
    await expect(ended).resolves.toBeUndefined();
  });

  it('ends with a reason when the output fails otherwise, or the input', async () => {
    const { input, keyboard } = testConsole({ output: broken('ENOSPC') });
    const ended = createBot({ inputs: [input], commands: () => commands }).run(new AbortController().signal);
    keyboard.write('ping\n');
    await expect(ended).rejects.toThrow('the console cannot be written: write ENOSPC');

    const other = testConsole();
    const reading = createBot({ inputs: [other.input], commands: () => commands }).run(new AbortController().signal);
    other.keyboard.destroy(new Error('disk is gone'));
    await expect(reading).rejects.toThrow('the console cannot be read: disk is gone');
  });

  it('ends at once when its input was over before', async () => {
    const { input, keyboard } = testConsole();
    keyboard.end();
    keyboard.resume();
    await until(() => keyboard.readableEnded);
    await createBot({ inputs: [input], commands: () => commands }).run(new AbortController().signal);
  });
});
