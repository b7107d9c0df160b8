import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sleep } from '../../src/async/sleep.ts';
import type { Memory, Order, Report, Settings } from './messages.ts';
import { peersFolder } from './peers.ts';

/** A bot in a process of its own. */
export interface Contestant {
  readonly name: string;
  /** How often each command ran. */
  readonly runs: ReadonlyMap<string, number>;
  /** Its log, debug aside; ours alone. */
  readonly lines: readonly string[];
  /** What `text` is answered in another chat network of the same bot; ours alone. */
  ask(text: string): Promise<string>;
  /** Ours alone. */
  memory(): Promise<Memory>;
  /** Ends it, as an operator does. */
  stop(): Promise<void>;
}

export type ContestantName = 'micro-bot' | 'Bolt' | 'Hubot';

interface Waiting {
  resolve(report: Report): void;
  reject(error: Error): void;
}

interface Program {
  readonly script: string;
  readonly execArgv: readonly string[];
}

function program(name: ContestantName): Program {
  const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  switch (name) {
    case 'micro-bot':
      return { script: here('ours.js'), execArgv: ['--expose-gc', '--import', here('fast-clock.js')] };
    case 'Bolt':
      return { script: `${peersFolder}bolt.mjs`, execArgv: [] };
    case 'Hubot':
      return { script: `${peersFolder}hubot.mjs`, execArgv: [] };
    default:
      return name satisfies never;
  }
}

/** Resolves when it listens. */
export async function startContestant(name: ContestantName, settings: Settings): Promise<Contestant> {
  const { script, execArgv } = program(name);
  const env = { ...process.env, HUBOT_LOG_LEVEL: 'silent' };
  // Others speak of their troubles at length: that is told when they don't begin.
  const stderr = name === 'micro-bot' ? 'inherit' : 'pipe';
  const stdio: StdioOptions = ['ignore', 'inherit', stderr, 'ipc'];
  const child = fork(script, [JSON.stringify(settings)], { execArgv: [...execArgv], env, stdio });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    said = `${said}${part}`.slice(-1_000);
  });
  const gone = once(child, 'exit');
  const runs = new Map<string, number>();
  const lines: string[] = [];
  const waiting = new Map<number, Waiting>();
  let count = 0;
  const ready = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => {
      const error = new Error(`${name} ended with ${String(code)} ${said}`);
      reject(error);
      for (const each of waiting.values()) each.reject(error);
    });
    child.on('message', (report: Report) => {
      switch (report.kind) {
        case 'ready':
          return resolve();
        case 'ran':
          return void runs.set(report.name, (runs.get(report.name) ?? 0) + 1);
        case 'line':
          return void lines.push(report.text);
        case 'answer':
        case 'memory':
          waiting.get(report.id)?.resolve(report);
          return void waiting.delete(report.id);
        default:
          return report satisfies never;
      }
    });
  });
  const tell = (order: { kind: 'ask'; text: string } | { kind: 'memory' }): Promise<Report> => {
    count += 1;
    const id = count;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      child.send({ ...order, id } satisfies Order);
    });
  };
  try {
    await ready;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    name,
    runs,
    lines,
    async ask(text) {
      const report = await tell({ kind: 'ask', text });
      return report.kind === 'answer' ? report.text : '';
    },
    async memory() {
      const report = await tell({ kind: 'memory' });
      if (report.kind !== 'memory') throw new Error('no memory was told');
      return { heap: report.heap, resident: report.resident };
    },
    stop: () => end(child, gone),
  };
}

/** Who does not leave when asked is made to. */
async function end(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const late = new AbortController();
  await Promise.race([gone, sleep(15_000, late.signal)]);
  late.abort();
  child.kill('SIGKILL');
  await gone;
}
