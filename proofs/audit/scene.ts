import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What somebody is to say. */
export interface Wish {
  readonly who: string;
  readonly line: string;
}

/** What came of it. */
export interface Said {
  readonly line: string;
  readonly replies: readonly unknown[];
  readonly unasked: readonly unknown[];
}

/** A bot in a process of its own, with all that it lets out. */
export interface Scene {
  say(who: string, line: string): Promise<string>;
  /** All that was written anywhere so far, by where that was. */
  outputs(): ReadonlyMap<string, string>;
  close(): Promise<void>;
}

const script = fileURLToPath(new URL('careless.js', import.meta.url));

/** `env`: what the bot finds in its environment beside what it needs to run. */
export async function openScene(env: Readonly<Record<string, string>>): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'micro-careless-'));
  const child: ChildProcess = fork(script, [folder], {
    silent: true,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const gone = once(child, 'exit');
  const said = { output: '', replies: '' };
  child.stdout?.on('data', (bytes: Buffer) => (said.output += bytes.toString()));
  child.stderr?.on('data', (bytes: Buffer) => (said.output += bytes.toString()));
  const message = async (): Promise<unknown> => {
    const ended = gone.then(() => {
      throw new Error(`the bot ended by itself: ${said.output}`);
    });
    ended.catch(() => {});
    const [first] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
    return first;
  };
  await message();
  return {
    async say(who, line) {
      const wish: Wish = { who, line };
      child.send(wish);
      const { replies, unasked } = (await message()) as Said;
      const text = JSON.stringify([replies, unasked]);
      said.replies += `${text}\n`;
      return text;
    },
    outputs: () =>
      new Map([
        ['what people read', said.replies],
        ['the log and the output', said.output],
        ...readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry): readonly [string, string] => [
            entry.name,
            readFileSync(join(entry.parentPath, entry.name), 'latin1'),
          ]),
      ]),
    async close() {
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}
