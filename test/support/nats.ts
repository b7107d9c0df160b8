import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './daemon.ts';
import { until } from './until.ts';

/** A NATS server of its own on a loopback port. */
export interface Nats {
  /** `nats://127.0.0.1:4222`, the same after a restart. */
  readonly url: string;
  readonly port: number;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
  /** Ends it without a goodbye; `restart` brings it back. */
  kill(): Promise<void>;
  /** It keeps its connections and says nothing, until it is woken. Resolves when it has stopped. */
  hang(): Promise<void>;
  wake(): void;
  /** Ends it if it runs and starts it again on the same port. */
  restart(): Promise<void>;
}

const command = 'nats-server';

/** Why no NATS server can be started, if so. Debian's package has the command's name. */
export function missingNats(): string | undefined {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];
  return places.some((place) => isProgram(join(place, command))) ? undefined : `${command} is not installed`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Resolves when it takes connections. `args` are further arguments of the server, e.g. `['--max_payload', '1024']`. */
export async function startNats(args: readonly string[] = []): Promise<Nats> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-nats-'));
  let running = await start(folder, args, await freePort());
  const { port } = running;
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    async stop() {
      await end(running.child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => end(running.child, 'SIGKILL'),
    async hang() {
      const { child } = running;
      child.kill('SIGSTOP');
      // Its threads stop one by one.
      await until(() => threadStates(child.pid ?? 0).every((state) => state === 'T'));
    },
    wake: () => void running.child.kill('SIGCONT'),
    async restart() {
      await end(running.child, 'SIGKILL');
      running = await start(folder, args, port);
    },
  };
}

function threadStates(pid: number): readonly string[] {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).map((task) => /\) (\w)/.exec(readFileSync(`${folder}/${task}/stat`, 'utf8'))?.[1] ?? '');
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

/** `more` may name another port: its log tells which it took. */
async function start(folder: string, more: readonly string[], port: number): Promise<Running> {
  const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder, ...more];
  const path = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/usr/local/bin`;
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PATH: path } });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  // Whatever becomes of the tests, it does not stay.
  const leave = (): void => void child.kill('SIGKILL');
  process.once('exit', leave);
  child.once('exit', () => process.off('exit', leave));
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
  const ready = until(() => {
    if (child.exitCode !== null) return { error: new Error(log) };
    const found = /client connections on 127\.0\.0\.1:(\d+)[^]*Server is ready/.exec(log)?.[1];
    return found === undefined ? undefined : { port: Number(found) };
  });
  const result = await Promise.race([ready, failed]);
  if ('error' in result) throw result.error;
  return { child, port: result.port };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  // One that hangs hears nothing else.
  child.kill('SIGCONT');
  await gone;
}
