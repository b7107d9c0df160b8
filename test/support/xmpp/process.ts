import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { until } from '../until.ts';
import { leash } from './leash.ts';

/** A server that runs as a process of its own, and can be started again. */
export interface ServerProcess {
  /** Ends it if it runs. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Resolves when it answers. */
  start(): Promise<void>;
  /** Resolves when it has stopped. */
  readonly pause: () => Promise<void>;
  readonly resume: () => void;
  readonly log: () => string;
}

export interface ProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly port: number;
  readonly domain: string;
}

/** Resolves when it answers to the start of a stream. */
export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  let log = '';
  const note = (text: string): void => {
    log += text;
  };
  let child = await run(options, note, () => log);
  return {
    log: () => log,
    end: (signal) => end(child, signal),
    async start() {
      child = await run(options, note, () => log);
    },
    async pause() {
      const { pid = 0 } = child;
      child.kill('SIGSTOP');
      // Its threads stop one by one.
      await until(() => threadStates(pid).every((state) => state === 'T'));
    },
    resume: () => void child.kill('SIGCONT'),
  };
}

async function run(options: ProcessOptions, note: (text: string) => void, log: () => string): Promise<ChildProcess> {
  const { command, args, env = {}, cwd } = options;
  const child = spawn(...leash(command, args), {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', note);
  child.on('error', (error) => note(String(error)));
  try {
    const state = await until(async () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return 'ended';
      return (await answers(options)) && 'ready';
    }, 30_000);
    if (state === 'ended') throw new Error(`${command} ended: ${log()}`);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return child;
}

const threadStates = (pid: number): readonly (string | undefined)[] =>
  readdirSync(`/proc/${pid}/task`).map(
    (thread) => / ([A-Za-z]) /.exec(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))?.[1],
  );

/** True when it takes the domain for its own. */
function answers({ port, domain }: ProcessOptions): Promise<boolean> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `<?xml version='1.0'?><stream:stream to='${domain}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`,
      ),
    );
    const done = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setEncoding('utf8').on('data', (text: string) => {
      got += text;
      if (got.includes('</stream:features>')) done(true);
      else if (got.includes('</stream:stream>')) done(false);
    });
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // A stopped process takes no other signal but SIGKILL.
  child.kill('SIGCONT');
  child.kill(signal);
  await gone;
}
