import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './daemon.ts';
import { until } from './until.ts';

/** One agent of Consul on loopback: a server that is a cluster of its own. */
export interface Consul {
  /** `http://127.0.0.1:8500`, the same after a restart. */
  readonly url: string;
  readonly port: number;
  /** Of `https`, when it was started with a certificate. */
  readonly securePort: number;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
  /** Ends it without a goodbye; `restart` brings it back, with what it stored if it stores something. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** It neither answers nor ends, until `wake`. Resolves when that is so. */
  freeze(): Promise<void>;
  wake(): void;
}

export interface ConsulSettings {
  /** Keeps what it is told over a restart. Default: it forgets. */
  readonly stores?: boolean;
  /** Default: one that is free. */
  readonly port?: number;
  /** More of its configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** A header for the question whether it is ready. */
  readonly token?: string;
}

const program = process.env['MICRO_CONSUL'] ?? fileURLToPath(new URL('../../.cache/go/consul', import.meta.url));

/** Why no Consul can be started, if so. scripts/consul.mjs builds it. */
export const missingConsul = (): string | undefined =>
  existsSync(program) ? undefined : 'the Consul agent was not built (scripts/consul.mjs)';

/** Resolves when it has elected itself. */
export async function startConsul(settings: ConsulSettings = {}): Promise<Consul> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-consul-'));
  const [http, https, server, serf] = await Promise.all([
    settings.port ?? freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const config = {
    bind_addr: '127.0.0.1',
    client_addr: '127.0.0.1',
    // The host may be that of other tests, too.
    node_name: `node-${http}`,
    disable_host_node_id: true,
    disable_update_check: true,
    leave_on_terminate: false,
    log_level: 'warn',
    ports: { http, https: -1, dns: -1, grpc: -1, server, serf_lan: serf, serf_wan: -1 },
    ...(settings.stores === true
      ? { server: true, bootstrap: true, data_dir: folder, performance: { raft_multiplier: 1 } }
      : {}),
    ...settings.config,
  };
  const secure = 'cert_file' in config ? { ...config, ports: { ...config.ports, https } } : config;
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(secure));
  const args = ['-config-file', file, ...(settings.stores === true ? [] : ['-dev'])];
  const start = () => run(args, http, settings.token);
  let child = await start();
  return {
    url: `http://127.0.0.1:${http}`,
    port: http,
    securePort: https,
    async stop() {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => end(child),
    async restart() {
      await end(child);
      child = await start();
    },
    async freeze() {
      child.kill('SIGSTOP');
      await until(async () => !(await isReady(http, settings.token, 200)));
    },
    wake: () => void child.kill('SIGCONT'),
  };
}

async function run(args: readonly string[], port: number, token: string | undefined): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (log += bytes.toString()));
  // Whatever becomes of the tests, it does not stay.
  const leave = (): void => void child.kill('SIGKILL');
  process.once('exit', leave);
  child.once('exit', () => process.off('exit', leave));
  const state = await until(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return 'ended';
    return (await isReady(port, token)) && 'ready';
  }, 60_000);
  if (state === 'ended') throw new Error(`consul ended: ${log}`);
  return child;
}

/** It has a leader, and the leader has registered itself. */
function isReady(port: number, token: string | undefined, withinMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = token === undefined ? {} : { 'x-consul-token': token };
    const question = request({ host: '127.0.0.1', port, path: '/v1/health/service/consul', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve(text.includes('"serfHealth"')));
      answer.on('error', () => resolve(false));
    });
    question.on('error', () => resolve(false));
    question.setTimeout(withinMs, () => question.destroy());
    question.end();
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
