import { onTestFinished } from 'vitest';
import { type Env, loopback, type Micro, startMicro } from './micro.ts';
import { unique } from './name.ts';
import { until } from './until.ts';

/** `micro bot --inputs=console` as a process of its own, typed at through a pipe. It ends with the test that started it. */
export interface ConsoleBot extends Micro {
  type(typed: string | Uint8Array): void;
  /** Types a line and returns everything that is written for it: an empty text when it is passed over in silence. */
  say(line: string | Uint8Array): Promise<string>;
}

export interface ConsoleBotOptions {
  /** Of mDNS, on the loopback interface. */
  readonly domain: string;
  readonly args?: readonly string[];
  readonly env?: Env;
}

/** Resolves when the bot is ready. */
export async function startConsoleBot({ domain, args = [], env = {} }: ConsoleBotOptions): Promise<ConsoleBot> {
  const bot = startMicro(['bot', '--inputs=console', ...args], { ...loopback(domain), ...env });
  onTestFinished(async () => {
    bot.process.kill('SIGKILL');
    await bot.finished;
  });
  await until(() => bot.stderr().includes('"ready"'));
  const type = (typed: string | Uint8Array): void => void bot.process.stdin.write(typed);
  const say = async (line: string | Uint8Array): Promise<string> => {
    const start = bot.stdout().length;
    // Lines of a pipe are answered one after the other: when this one is, the one before has been.
    const mark = unique('mark');
    type(line);
    type(`\necho ${mark}\n`);
    await until(() => bot.stdout().endsWith(`${mark}\n`));
    return bot.stdout().slice(start, -(mark.length + 1));
  };
  return { ...bot, type, say };
}
