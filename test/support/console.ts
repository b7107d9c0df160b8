import { PassThrough } from 'node:stream';
import { type ConsoleOptions, consoleInput } from '../../src/inputs/console/console.ts';
import type { Input } from '../../src/inputs/input.ts';

/** A console whose keyboard and screen are streams. */
export interface ConsoleUnderTest {
  readonly input: Input;
  readonly keyboard: PassThrough;
  readonly screen: PassThrough;
  readonly shown: () => string;
}

export function testConsole(options: Partial<ConsoleOptions> = {}): ConsoleUnderTest {
  const keyboard = new PassThrough();
  const screen = new PassThrough();
  const chunks: Buffer[] = [];
  screen.on('data', (chunk: Buffer) => chunks.push(chunk));
  const input = consoleInput({ input: keyboard, output: screen, terminal: false, ...options });
  return { input, keyboard, screen, shown: () => Buffer.concat(chunks).toString('utf8') };
}
