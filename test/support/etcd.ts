import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, programOf } from './daemon.ts';
import type { Authority } from './tls.ts';
import { until } from './until.ts';

/** One etcd, or several that are one, on loopback ports. */
export interface Etcd {
  /** `127.0.0.1:2379`, one a member. */
  readonly addresses: readonly string[];
  readonly members: readonly EtcdMember[];
  /** What `etcdctl` prints; as root when there are users. */
  ctl(...args: readonly string[]): Promise<string>;
  /** Makes it forget what was before now. */
  compact(): Promise<void>;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

export interface EtcdMember {
  readonly address: string;
  /** Ends it without a goodbye. */
  kill(): Promise<void>;
  /** Starts it again on the same port. Resolves when it answers. */
  start(): Promise<void>;
  /** Starts it again unless it runs. */
  restart(): Promise<void>;
  /** It goes on to exist, but does nothing any more. */
  pause(): void;
  resume(): void;
  /** Removes what it stored; only while it does not run. */
  wipe(): Promise<void>;
}

export interface EtcdOptions {
  /** Default 1. */
  readonly members?: number;
  readonly tls?: { readonly authority: Authority; readonly asksForClients?: boolean };
  /** Turns users on: root with this password, and everybody else without rights. */
  readonly rootPassword?: string;
}

/** Why no etcd can be started, if so. Debian's packages are etcd-server and etcd-client. */
export function missingEtcd(): string | undefined {
  const missing = ['etcd', 'etcdctl'].filter((command) => programOf(command) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(' and ')} is not installed`;
}

/** Resolves when all members answer. */
export async function startEtcd({ members: count = 1, tls, rootPassword }: EtcdOptions = {}): Promise<Etcd> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-etcd-'));
  const scheme = tls === undefined ? 'http' : 'https';
  const file = (name: string): string => join(folder, name);
  const { ca, server, both } = tls?.authority ?? { ca: '', server: { cert: '', key: '' }, both: { cert: '', key: '' } };
  const pem = {
    ca,
    cert: tls?.asksForClients === true ? both.cert : server.cert,
    key: tls?.asksForClients === true ? both.key : server.key,
  };
  for (const [name, text] of Object.entries(pem)) await writeFile(file(`${name}.pem`), text);
  const identity = [`--cert=${file('cert.pem')}`, `--key=${file('key.pem')}`];
  const asks = tls?.asksForClients === true ? ['--client-cert-auth', `--trusted-ca-file=${file('ca.pem')}`] : [];
  const secured =
    tls === undefined ? [] : [`--cert-file=${file('cert.pem')}`, `--key-file=${file('key.pem')}`, ...asks];

  const ports = [];
  for (let at = 0; at < count; at += 1)
    ports.push({ client: await freePort(), peer: await freePort(), health: await freePort() });
  const cluster = ports.map(({ peer }, at) => `m${at}=http://127.0.0.1:${peer}`).join();
  const members = ports.map(({ client, peer, health }, at) => {
    const data = file(`m${at}`);
    const [own, peers] = [`${scheme}://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
    const flags = {
      name: `m${at}`,
      'data-dir': data,
      'log-level': 'error',
      'listen-client-urls': own,
      'advertise-client-urls': own,
      'listen-peer-urls': peers,
      'initial-advertise-peer-urls': peers,
      'initial-cluster': cluster,
      'listen-metrics-urls': `http://127.0.0.1:${health}`,
    };
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    args.push('--unsafe-no-fsync', ...secured);
    return newMember(`127.0.0.1:${client}`, args, data, health);
  });
  await Promise.all(members.map((member) => member.start()));

  const users = (): readonly string[] =>
    rootPassword === undefined || !hasUsers ? [] : [`--user=root:${rootPassword}`];
  let hasUsers = false;
  const ctl = async (...args: readonly string[]): Promise<string> => {
    const endpoints = `--endpoints=${members.map(({ address }) => `${scheme}://${address}`).join()}`;
    const trust = tls === undefined ? [] : [`--cacert=${file('ca.pem')}`, ...(asks.length === 0 ? [] : identity)];
    const env = { ...process.env, ETCDCTL_API: '3' };
    const all = [endpoints, ...trust, ...users(), ...args];
    return (await promisify(execFile)('etcdctl', all, { env, maxBuffer: 1 << 28 })).stdout;
  };
  if (rootPassword !== undefined) {
    await ctl('user', 'add', `root:${rootPassword}`);
    await ctl('user', 'grant-role', 'root', 'root');
    await ctl('auth', 'enable');
    hasUsers = true;
  }
  return {
    addresses: members.map(({ address }) => address),
    members,
    ctl,
    async compact() {
      const status = JSON.parse(await ctl('get', 'nothing', '-w', 'json')) as {
        readonly header: { readonly revision: number };
      };
      await ctl('compact', String(status.header.revision));
    },
    async stop() {
      await Promise.all(members.map((member) => member.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function newMember(address: string, args: readonly string[], data: string, health: number): EtcdMember {
  let child: ChildProcess | undefined;
  const leave = (): void => void child?.kill('SIGKILL');
  const isRunning = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const member: EtcdMember = {
    address,
    async kill() {
      const gone = child;
      if (gone === undefined || !isRunning()) return;
      const exit = once(gone, 'exit');
      gone.kill('SIGKILL');
      await exit;
      process.off('exit', leave);
    },
    async start() {
      const started = spawn('etcd', args, { stdio: ['ignore', 'ignore', 'pipe'] });
      child = started;
      // Whatever becomes of the tests, it does not stay.
      process.once('exit', leave);
      let log = '';
      started.stderr.on('data', (bytes: Buffer) => (log += bytes.toString()));
      const state = await until(async () => {
        if (started.exitCode !== null || started.signalCode !== null) return 'ended';
        const answer = await fetch(`http://127.0.0.1:${health}/health`);
        return ((await answer.json()) as { readonly health: string }).health === 'true' && 'ready';
      }, 30_000);
      if (state === 'ended') throw new Error(`etcd ended: ${log}`);
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    wipe: () => rm(data, { recursive: true, force: true }),
    async restart() {
      if (!isRunning()) await member.start();
    },
  };
  return member;
}
