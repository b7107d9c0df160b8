import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { createBot } from '../../../src/bot/bot.ts';
import { completeLine } from '../../../src/bot/complete.ts';
import type { Command } from '../../../src/commands/command.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { text } from '../../../src/document/document.ts';
import { besidePrompt } from '../../../src/inputs/console/beside.ts';
import type { ConsoleOptions } from '../../../src/inputs/console/console.ts';
import { inputContract } from '../../contract/input.ts';
import { command } from '../../support/bot.ts';
import { type ConsoleUnderTest, testConsole } from '../../support/console.ts';
import { until } from '../../support/until.ts';

const enter = '\r';
const controlC = '\u0003';
const controlD = '\u0004';
const up = '\u001b[A';

inputContract('the console in a terminal', () => {
  const { input, keyboard, shown } = testConsole({ terminal: true });
  return {
    input,
    shown,
    type: (typed) => void keyboard.write(`${typed}${enter}`),
    end: () => void keyboard.end(controlD),
  };
});

let release: (() => void) | undefined;
const steps: Command = {
  ...command('deploy', () => ''),
  async *run() {
    yield text('building');
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    yield text('deployed');
  },
};
const commands = commandSet([
  command('ping', () => 'pong'),
  command('echo', ({ args }) => args.after(0)),
  command('list services', () => 'greeter', {
    complete: async () => ['greeter', 'green', 'evil\u001b[2J', 'two words'],
  }),
  steps,
]);

/** A bot at a terminal. */
function atTerminal(options: Partial<ConsoleOptions> = {}): ConsoleUnderTest & { readonly ended: Promise<void> } {
  const made = testConsole({ terminal: true, complete: (line) => completeLine(commands, line), ...options });
  const ended = createBot({ inputs: [made.input], commands: () => commands }).run(new AbortController().signal);
  return { ...made, ended };
}

/** What a person has on the screen: without the codes that move the cursor. */
const visible = (shown: string): string => shown.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '');

describe('what nobody asked for', () => {
  it('is shown above the prompt, and what was being typed stays', async () => {
    const { input, keyboard, shown, ended } = atTerminal();
    await until(() => shown().includes('micro> '));
    keyboard.write('echo ha');
    await until(() => shown().endsWith('ha'));
    const speech = input.reach?.({ kind: 'room', room: 'console' });
    await speech?.say(text('building'), 'progress');
    const done = text('deployed');
    await speech?.say(done, 'progress');
    await speech?.say(done, 'answer');
    speech?.end();
    expect(visible(shown()).split('deployed')).toHaveLength(2);
    expect(visible(shown())).toMatch(/building\n[^]*deployed\n(?:\r)?micro> echo ha$/);
    keyboard.write(`lf${enter}`);
    await until(() => shown().includes('half'));
    keyboard.end(controlD);
    await ended;
  });
});

describe('a log on the same terminal', () => {
  it('is written above the prompt, and what was being typed stays', async () => {
    const screen = new PassThrough();
    const beside = besidePrompt(screen);
    beside.stream.write('too early for a prompt\n');
    const { keyboard, shown, ended } = atTerminal({ output: screen, beside });
    const all: string[] = [];
    screen.on('data', (chunk: Buffer) => all.push(chunk.toString()));
    const seen = (): string => visible(all.join('')).replaceAll('\r', '');
    keyboard.write('echo ha');
    await until(() => seen().endsWith('micro> echo ha'));
    beside.stream.write('WARN: careful\n');
    await until(() => seen().endsWith('WARN: careful\nmicro> echo ha'));
    expect(seen().startsWith('too early for a prompt\nmicro> ')).toBe(true);
    keyboard.write(`lf${enter}${controlD}`);
    await ended;
    beside.stream.write('WARN: late\n');
    await until(() => seen().endsWith('\nWARN: late\n'));
    expect(shown()).toBe('');
  });
});

describe('a terminal', () => {
  it('shows tables in columns', async () => {
    const { input, keyboard, shown } = testConsole({ terminal: true });
    const stop = new AbortController();
    const reading = input.messages(stop.signal)[Symbol.asyncIterator]().next();
    await until(() => shown().includes('micro> '));
    const rows = [
      ['list services', 'done'],
      ['x', 'failed'],
    ];
    const columns = [{ title: 'Command' }, { title: 'Outcome' }];
    await input.reach?.({ kind: 'room', room: 'console' })?.say({ kind: 'table', columns, rows }, 'answer');
    expect(visible(shown())).toContain('Command        Outcome\nlist services  done\nx              failed\n');
    keyboard.end(controlD);
    expect((await reading).done).toBe(true);
  });

  it('has a prompt, answers above a fresh one, and is left with Ctrl-D', async () => {
    const { keyboard, shown, ended } = atTerminal();
    await until(() => visible(shown()) === 'micro> ');
    keyboard.write(`ping${enter}`);
    await until(() => /pong\n(\r)?micro> $/.test(visible(shown()).replaceAll('\r', '')));
    keyboard.write(controlD);
    await ended;
    expect(shown().endsWith('\n')).toBe(true);
  });

  it('says how to begin before the first prompt, once', async () => {
    const { keyboard, shown, ended } = atTerminal({ greeting: 'type "help"' });
    await until(() => visible(shown()) === 'type "help"\nmicro> ');
    keyboard.write(`ping${enter}${controlD}`);
    await ended;
    expect(shown().split('type "help"')).toHaveLength(2);
  });

  it('keeps what is being typed while something is answered', async () => {
    const { keyboard, shown, ended } = atTerminal();
    keyboard.write(`deploy${enter}`);
    await until(() => shown().includes('building'));
    keyboard.write('echo half');
    await until(() => shown().includes('echo half'));
    release?.();
    await until(() => visible(shown()).replaceAll('\r', '').endsWith('deployed\nmicro> echo half'));
    keyboard.write(`way${enter}${controlD}`);
    await ended;
    expect(shown()).toContain('\nhalfway\n');
  });

  it('says once why there is no answer while something runs that may never end', async () => {
    release = undefined;
    const { keyboard, shown, ended } = atTerminal();
    keyboard.write(`deploy${enter}`);
    await until(() => release);
    const later = performance.now() + 1000;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => later);
    try {
      keyboard.write(`echo one${enter}echo two${enter}`);
      await until(() => shown().includes('Ctrl-C stops that)'));
    } finally {
      clock.mockRestore();
    }
    (await until(() => release))();
    await until(() => visible(shown()).includes('micro> two\n'));
    expect(shown().split('Ctrl-C stops that)')).toHaveLength(2);
    keyboard.write(`ping${enter}${controlD}`);
    await ended;
    expect(shown().split('Ctrl-C stops that)')).toHaveLength(2);
  });

  it('completes commands and what they know, and offers nothing that could act', async () => {
    const { keyboard, shown, ended } = atTerminal();
    keyboard.write('/li\t');
    await until(() => visible(shown()).includes('micro> /list '));
    keyboard.write(controlC);
    keyboard.write('li\t');
    await until(() => visible(shown()).includes('micro> list '));
    keyboard.write('s\t');
    await until(() => visible(shown()).includes('list services '));
    keyboard.write('g\t');
    await until(() => visible(shown()).includes('list services gree'));
    keyboard.write('\t');
    await until(() => /green\s+greeter/.test(visible(shown())));
    expect(shown()).not.toContain('evil');
    expect(shown()).not.toContain('two words');
    keyboard.write(controlC);
    keyboard.write(controlD);
    await ended;
  });

  it('drops the line at Ctrl-C, and is left with the second one on an empty line', async () => {
    const { keyboard, shown, ended } = atTerminal();
    keyboard.write('echo wrong');
    await until(() => shown().includes('echo wrong'));
    keyboard.write(controlC);
    await until(() => shown().includes('^C'));
    keyboard.write(`echo right${enter}`);
    await until(() => visible(shown()).includes('micro> right\n'));
    keyboard.write(controlC);
    await until(() => shown().includes('(Ctrl-C again or Ctrl-D leaves)'));
    keyboard.write(controlC);
    await ended;
  });

  it('ends what runs at Ctrl-C on an empty line, and what waits behind it, and stays', async () => {
    const { keyboard, shown, ended } = atTerminal();
    keyboard.write(`deploy${enter}echo waits${enter}`);
    await until(() => shown().includes('building'));
    keyboard.write(controlC);
    await until(() => shown().split('cancelled').length === 3);
    keyboard.write(`ping${enter}`);
    await until(() => visible(shown()).includes('pong\n'));
    expect(visible(shown())).not.toContain('\nwaits\n');
    expect(visible(shown()).indexOf('^C')).toBeLessThan(visible(shown()).indexOf('cancelled'));
    keyboard.write(controlD);
    await ended;
  });

  it('brings back what was typed, also in the next run, and keeps that to its owner', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'console-'));
    const historyFile = join(folder, 'history');
    try {
      const first = atTerminal({ historyFile });
      first.keyboard.write(`echo one${enter}ping${enter}${controlD}`);
      await first.ended;
      expect(await readFile(historyFile, 'utf8')).toBe('echo one\nping\n');
      expect((await stat(historyFile)).mode & 0o777).toBe(0o600);
      const second = atTerminal({ historyFile });
      await until(() => second.shown().includes('micro> '));
      second.keyboard.write(`${up}${up}${enter}${controlD}`);
      await second.ended;
      expect(visible(second.shown())).toContain('\none\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses what is no text, and makes answers harmless', async () => {
    const { keyboard, shown, ended } = atTerminal();
    keyboard.write(Buffer.from([0x65, 0xff, 0x0d]));
    await until(() => shown().includes('message refused: it is not valid UTF-8'));
    keyboard.write(`ehco${enter}`);
    await until(() => shown().includes('unknown command "ehco", did you mean "echo"? Try "help".'));
    keyboard.end();
    await ended;
  });
});
