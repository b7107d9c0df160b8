import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ServiceRecord } from '../../src/discovery/registry.ts';
import { until } from './until.ts';

/** go-micro v1.18.0, v2.9.1 and v6.10.0. */
export type Release = 'v1' | 'v2' | 'v6';

const program = (name: string): string => fileURLToPath(new URL(`../../.cache/go/${name}`, import.meta.url));
/** What knows etcd and NATS is a program of its own. */
const programOf = (release: Release, { registry = 'mdns' }: GoFlags): string =>
  program(registry === 'etcd' || registry === 'nats' ? `${release}-registries` : release);

/** Those that can be built everywhere. */
export const mandatory: readonly Release[] = ['v1', 'v2'];

const hasV6 = ['v6', 'v6-registries'].every((name) => existsSync(program(name)));
/** Those to talk to: v6 is among them where it was built (docs/decisions/011). */
export const releases: readonly Release[] = hasV6 ? [...mandatory, 'v6'] : mandatory;

/** Why the programs of test/interop/go cannot be run, if so. scripts/go-peers.mjs builds them. */
export function missingGo(): string | undefined {
  const names = mandatory.flatMap((release) => [release, `${release}-registries`]);
  const absent = names.filter((name) => !existsSync(program(name)));
  return absent.length === 0 ? undefined : `the programs ${absent.join(' and ')} were not built`;
}

export interface GoFlags {
  readonly version?: string;
  readonly address?: string;
  /** A Go duration. */
  readonly timeout?: string;
  readonly retries?: number;
  /** `name=value`, comma separated. */
  readonly metadata?: string;
  readonly contentType?: string;
  /** Default `mucp`. */
  readonly protocol?: 'mucp' | 'grpc';
  /** Default `mdns`, which sends on every interface there is. */
  readonly registry?: 'mdns' | 'memory' | 'etcd' | 'nats';
  /** Its server, where it has one. */
  readonly registryAddress?: string;
  /** Where mDNS registers. Default: the release's, where everybody else of the tests is, too. */
  readonly registryDomain?: string;
  /** A Go duration: how long a registration lives. Default: what the release thinks right. */
  readonly registerTtl?: string;
  /** A Go duration: how often it is repeated; together with the former. */
  readonly registerInterval?: string;
  /** Records a memory registry begins with, as JSON. */
  readonly known?: string;
  /** Default `http`. */
  readonly broker?: 'http' | 'nats';
  readonly brokerAddress?: string;
  /** Subscribes to `<topic>-json`, `<topic>-proto` and `<topic>-bytes`. */
  readonly topic?: string;
  /** A Go duration: after each message of a stream that is served. */
  readonly pause?: string;
}

/** What a Go client got, or the text of the error it saw. */
export interface GoFailure {
  readonly error: string;
}

/** Asks a Go program for one thing and returns what it printed. Throws what it wrote to standard error when it failed itself. */
export async function go<T = unknown>(release: Release, args: readonly string[], flags: GoFlags = {}): Promise<T> {
  const running = start(release, args, flags);
  const [code] = (await once(running.process, 'close')) as [number | null];
  const answer = running.values.at(-1);
  if (code !== 0 || answer === undefined) throw new Error(`${release} ${args.join(' ')}: ${running.stderr()}`);
  return answer as T;
}

/** What a program that stays reports, one value a line. */
export interface GoWatch {
  readonly values: readonly unknown[];
}

/** Reports the changes a Go registry sees, until the test ends. Resolves when it watches. */
export async function watchGo(release: Release): Promise<GoWatch> {
  const watch = await startWatchGo(release);
  onTestFinished(() => watch.end());
  return watch;
}

/** Likewise, until its caller ends it. */
export async function startWatchGo(release: Release, flags: GoFlags = {}): Promise<GoWatch & { end(): Promise<void> }> {
  const running = start(release, ['watch'], flags);
  const stop = (): Promise<void> => end(running.process, 'SIGKILL');
  try {
    await until(() => {
      if (running.process.exitCode !== null) throw new Error(running.stderr());
      return running.values.includes('watching');
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { values: running.values, end: stop };
}

/** A Go service that runs. */
export interface GoService {
  readonly name: string;
  /** The node's id. */
  readonly node: string;
  readonly address: string;
  /** All of its registry, when that is a memory registry. */
  readonly records: readonly ServiceRecord[];
  /** What its handlers and subscribers have reported so far. */
  readonly reports: () => readonly unknown[];
  /** What it wrote to standard error so far. */
  readonly stderr: () => string;
  /** Takes it out of the registry and ends it. */
  stop(): Promise<void>;
  /** Ends it without a goodbye. */
  kill(): Promise<void>;
}

export type GoKind = 'greeter' | 'command' | 'operations' | 'talk';

/** Starts a Go service; it ends with the test that started it. */
export async function serveGo(release: Release, kind: GoKind, name: string, flags: GoFlags = {}): Promise<GoService> {
  const running = start(release, ['serve', kind, name], flags);
  onTestFinished(() => end(running.process, 'SIGKILL'));
  return await ready(running, name);
}

/** Starts a Go service that its caller ends. */
export async function startGo(release: Release, kind: GoKind, name: string, flags: GoFlags = {}): Promise<GoService> {
  const running = start(release, ['serve', kind, name], flags);
  try {
    return await ready(running, name);
  } catch (error) {
    await end(running.process, 'SIGKILL');
    throw error;
  }
}

/** A Go client that has given an event to its broker, and stays until it is ended: Go's http broker delivers in the background. */
export async function publishGo(
  release: Release,
  args: readonly [kind: string, topic: string, text: string],
  flags: GoFlags,
): Promise<{ end(): Promise<void> }> {
  const running = start(release, ['publish', ...args], flags);
  try {
    await until(() => {
      if (running.process.exitCode !== null) throw new Error(running.stderr());
      return running.values.includes('published');
    });
  } catch (error) {
    await end(running.process, 'SIGKILL');
    throw error;
  }
  return { end: () => end(running.process, 'SIGKILL') };
}

async function ready(running: Running, name: string): Promise<GoService> {
  const { node, address, records } = await until(() => {
    if (running.process.exitCode !== null) throw new Error(running.stderr());
    return running.values.find(isReady);
  });
  return {
    name,
    node,
    address,
    records,
    reports: () => running.values,
    stderr: running.stderr,
    stop: () => end(running.process, 'SIGTERM'),
    kill: () => end(running.process, 'SIGKILL'),
  };
}

interface Ready {
  readonly node: string;
  readonly address: string;
  readonly records: readonly ServiceRecord[];
}

const isReady = (value: unknown): value is Ready => typeof value === 'object' && value !== null && 'node' in value;

interface Running {
  readonly process: ChildProcessWithoutNullStreams;
  readonly values: readonly unknown[];
  readonly stderr: () => string;
}

function start(release: Release, args: readonly string[], { ...flags }: GoFlags): Running {
  const given = Object.entries(flags).map(([name, value]) => `-${snakeCase(name)}=${value}`);
  // Its standard input stays open as long as we live: with us, it goes.
  const child = spawn(programOf(release, flags), [...given, ...args]);
  const values: unknown[] = [];
  let partial = '';
  let stderr = '';
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (partial + text).split('\n');
    partial = lines.pop() ?? '';
    // Some releases log to standard output too, in lines that are no JSON.
    for (const line of lines) if (/^[{["]/.test(line)) values.push(JSON.parse(line));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { process: child, values, stderr: () => stderr };
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function end(child: ChildProcessWithoutNullStreams, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
