import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consulRegistry } from '../../src/discovery/consul/consul.ts';
import { etcdRegistry } from '../../src/discovery/etcd/etcd.ts';
import { kubernetesRegistry } from '../../src/discovery/kubernetes/kubernetes.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { natsRegistry } from '../../src/discovery/nats/nats.ts';
import { recordJson } from '../../src/discovery/record-json.ts';
import type { Registry } from '../../src/discovery/registry.ts';
import { type Consul, missingConsul, startConsul } from './consul.ts';
import { missingEtcd, startEtcd } from './etcd.ts';
import { startCluster } from './kubernetes.ts';
import type { Env } from './micro.ts';
import { missingNats, type Nats, startNats } from './nats.ts';

/** A registry that a `micro` process can be told to use, with something behind it that can fail. */
export interface Backend {
  readonly driver: string;
  /** As an operator sets it. */
  readonly env: Env;
  /** For a service in this process; the caller closes it. In Kubernetes each is another pod. */
  open(): Registry;
  /** Nobody can ask it any more, until `up`. What it knew it may know again. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export interface BackendKind {
  readonly driver: string;
  /** Why it cannot be started. */
  readonly missing: string | undefined;
  readonly start: () => Promise<Backend>;
}

export const backends: readonly BackendKind[] = [
  { driver: 'etcd', missing: missingEtcd(), start: etcd },
  { driver: 'nats', missing: missingNats(), start: nats },
  { driver: 'consul', missing: missingConsul(), start: consul },
  { driver: 'kubernetes', missing: undefined, start: kubernetes },
  { driver: 'static', missing: undefined, start: file },
];

const chosen = (driver: string, address: string): Env => ({ MICRO_REGISTRY: driver, MICRO_REGISTRY_ADDRESS: address });

async function etcd(): Promise<Backend> {
  const server = await startEtcd();
  const { addresses, members } = server;
  return {
    driver: 'etcd',
    env: chosen('etcd', addresses.join()),
    open: () => etcdRegistry({ addresses }),
    down: async () => void (await Promise.all(members.map((member) => member.kill()))),
    up: async () => void (await Promise.all(members.map((member) => member.restart()))),
    stop: () => server.stop(),
  };
}

async function nats(): Promise<Backend> {
  const server = await startNats();
  const open = (): Registry => natsRegistry({ addresses: [server.url] });
  return { driver: 'nats', env: chosen('nats', server.url), open, ...switches(server) };
}

async function consul(): Promise<Backend> {
  const server = await startConsul({ stores: true });
  const open = (): Registry => consulRegistry({ addresses: [server.url] });
  return { driver: 'consul', env: chosen('consul', server.url), open, ...switches(server) };
}

const switches = (server: Nats | Consul): Pick<Backend, 'down' | 'up' | 'stop'> => ({
  down: () => server.kill(),
  up: () => server.restart(),
  stop: () => server.stop(),
});

/** The bot is the pod `bot`. */
async function kubernetes(): Promise<Backend> {
  const cluster = await startCluster();
  cluster.pods.set('bot', {});
  let count = 0;
  return {
    driver: 'kubernetes',
    env: { ...chosen('kubernetes', cluster.url), POD_NAME: 'bot' },
    open() {
      count += 1;
      cluster.pods.set(`pod-${count}`, {});
      return kubernetesRegistry({ addresses: [cluster.url], pod: `pod-${count}` });
    },
    down: () => cluster.kill(),
    up: () => cluster.restart(),
    stop: () => cluster.kill(),
  };
}

/** A file that somebody keeps for the services that run; down it is no JSON. */
async function file(): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-static-'));
  const path = join(folder, 'services.json');
  const real = memoryRegistry();
  let isDown = false;
  const replace = async (): Promise<void> => {
    const records = await real.listServices();
    // Whole at once: programs read it meanwhile.
    await writeFile(`${path}.new`, isDown ? '[{' : `[${records.map(recordJson).join()}]`);
    await rename(`${path}.new`, path);
  };
  let last: Promise<void> = Promise.resolve();
  /** One after the other: services beat while it goes down and comes back. */
  const write = (): Promise<void> => {
    last = last.catch(() => {}).then(replace);
    return last;
  };
  await write();
  const kept = (work: Promise<void>): Promise<void> => work.then(write);
  return {
    driver: 'static',
    env: chosen('static', path),
    open: () => ({
      ...real,
      name: 'static',
      register: (service, options) => kept(real.register(service, options)),
      deregister: (service) => kept(real.deregister(service)),
      close: () => Promise.resolve(),
    }),
    down() {
      isDown = true;
      return write();
    },
    up() {
      isDown = false;
      return write();
    },
    stop: () => rm(folder, { recursive: true }),
  };
}
