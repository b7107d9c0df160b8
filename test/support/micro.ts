import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../bin/micro.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  /** Its name, when one ended the process. */
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `micro` that runs, with what it has written so far. */
export interface Micro {
  readonly process: ChildProcessWithoutNullStreams;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly finished: Promise<Finished>;
}

export type Env = Readonly<Record<string, string>>;

/** Environment that keeps a `micro` on the loopback interface and among its own. */
export const loopback = (domain: string): Env => ({
  MICRO_REGISTRY_ADDRESS: '127.0.0.1',
  MICRO_MDNS_DOMAIN: domain,
  MICRO_SERVER_ADDRESS: '127.0.0.1:0',
});

/** Starts the program as it is installed, in another folder, with nothing of our own environment but the path. */
export function startMicro(args: readonly string[], env: Env = {}, cwd = tmpdir()): Micro {
  // Each remembers by itself, and people may do what they are tested with; who may not is another test's question.
  const state = mkdtempSync(join(tmpdir(), 'micro-state-'));
  const own = { XDG_STATE_HOME: state, MICRO_BOT_DEFAULT_CHANGE: 'allow' };
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...own, ...env },
  });
  child.on('close', () => rmSync(state, { recursive: true, force: true }));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A program that leaves early does not read what we still write to it.
  child.stdin.on('error', () => {});
  const finished = once(child, 'close').then(
    ([code, signal]): Finished => ({
      code: code as number | null,
      signal: signal as string | null,
      stdout,
      stderr,
    }),
  );
  return { process: child, stdout: () => stdout, stderr: () => stderr, finished };
}

/** Runs the program to its end; `input` is typed and ended. */
export async function micro(args: readonly string[], env: Env = {}, input = '', cwd?: string): Promise<Finished> {
  const running = startMicro(args, env, cwd);
  running.process.stdin.end(input);
  return await running.finished;
}
