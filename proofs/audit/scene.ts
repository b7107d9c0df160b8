import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openReader } from '../../src/audit/open-reader.ts';
import type { Driver } from './books.ts';

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
  /** Ends the bot. All that was written anywhere, by where that was; the audit's records are under `audit`. */
  outputs(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

const script = fileURLToPath(new URL('careless.js', import.meta.url));

/** What the audit's records are kept in, in a folder. */
const placeIn = (folder: string, driver: Driver): string =>
  driver === 'file' ? join(folder, 'audit.ndjson') : `level:${join(folder, 'audit')}`;

/** `env`: what the bot finds in its environment beside what it needs to run. */
export async function openScene(driver: Driver, env: Readonly<Record<string, string>>): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'micro-careless-'));
  const child: ChildProcess = fork(script, [folder, placeIn(folder, driver)], {
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
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
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
    async outputs() {
      await end();
      const audit = await openReader(placeIn(folder, driver));
      let records = '';
      for await (const lines of audit.export({})) records += `${lines.join('\n')}\n`;
      await audit.close();
      return new Map([
        ['audit', records],
        ['what people read', said.replies],
        ['the log and the output', said.output],
        ...readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry): readonly [string, string] => [
            entry.name,
            readFileSync(join(entry.parentPath, entry.name), 'latin1'),
          ]),
      ]);
    },
    async close() {
      await end();
      rmSync(folder, { recursive: true });
    },
  };
}
