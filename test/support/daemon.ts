import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { until } from './until.ts';

/** A server of its own on a loopback port, for tests. */
export interface Daemon {
  readonly port: number;
  /** Ends it. */
  stop(): Promise<void>;
  /** Ends it without a goodbye; `start` brings it back on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What is sent to see whether it answers. */
  readonly hello: string;
  readonly port: number;
  /** Runs when it was stopped. */
  readonly cleanUp: () => Promise<void>;
}

// First: Debian's `rabbitmq-server` in the path is a wrapper that becomes another user.
const folders = [
  '/usr/lib/rabbitmq/bin',
  ...(process.env['PATH'] ?? '').split(delimiter),
  '/usr/sbin',
  '/usr/local/bin',
];

/** Where a program is, if it is installed. */
export const programOf = (command: string): string | undefined =>
  folders.map((folder) => join(folder, command)).find((path) => existsSync(path));

/** Below those that the system gives to connections: until the server takes it, one of them might. */
const ports = { from: 12_000, shares: 8, size: 2_500 } as const;
/** Files that run side by side have a share each, and none gets a port twice before all of its share were given. */
const share = Number(process.env['VITEST_POOL_ID'] ?? Math.floor(Math.random() * ports.shares)) % ports.shares;
let given = Math.floor(Math.random() * ports.size);

/** A port that was free a moment ago, and that no other test is given: it can be left and taken again. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    given += 1;
    const port = ports.from + share * ports.size + (given % ports.size);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error('no port is free');
}

/** Resolves when it answers. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  let child = await run(options);
  return {
    port: options.port,
    async stop() {
      await end(child, 'SIGTERM');
      await options.cleanUp();
    },
    kill: () => end(child, 'SIGKILL'),
    async start() {
      child = await run(options);
    },
  };
}

async function run({ command, args, env = {}, hello, port }: DaemonOptions): Promise<ChildProcess> {
  const path = programOf(command);
  if (path === undefined) throw new Error(`${command} is not installed`);
  // A group of its own: some start further processes, which have to end with it.
  const child = spawn(path, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached: true,
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (log += bytes.toString()));
  const leave = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', leave);
  child.once('exit', () => process.off('exit', leave));
  try {
    const state = await until(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return 'ended';
      return (await answers(port, hello)) && 'ready';
    }, 60_000);
    if (state === 'ended') throw new Error(`${command} ended: ${log}`);
  } catch (error) {
    leave();
    throw error;
  }
  return child;
}

function answers(port: number, hello: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(hello, 'latin1'));
    const done = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('data', () => done(true));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  signalGroup(child, signal);
  await gone;
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of them are gone.
  }
}
