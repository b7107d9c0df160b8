import { recordJson } from '../record-json.ts';
import { type RegisterOptions, RegistryError, type ServiceRecord } from '../registry.ts';
import type { Cluster } from './cluster.ts';
import { nodeKey } from './keys.ts';
import { grantLease, type Lease, renewLease, secondsOf } from './leases.ts';

/** What this process has written into etcd. */
export interface Holdings {
  register(service: ServiceRecord, options: RegisterOptions): Promise<void>;
  deregister(service: ServiceRecord): Promise<void>;
  /** Takes everything back that nobody has overwritten. What is under way comes to its end before. */
  release(): Promise<void>;
}

/** One key as we wrote it, or found it written by somebody before us. */
interface Holding {
  readonly json: string;
  readonly lease: Lease | undefined;
  /** The change that made the key what it is. */
  readonly revision: string;
}

export function newHoldings(cluster: Cluster): Holdings {
  const held = new Map<string, Holding>();
  /** The last thing that is done to a key: what was asked for first happens first. */
  const underWay = new Map<string, Promise<void>>();

  const inTurn = (key: string, work: () => Promise<void>): Promise<void> => {
    const before = underWay.get(key) ?? Promise.resolve();
    const done = before.catch(() => {}).then(work);
    underWay.set(key, done);
    const forget = (): void => {
      if (underWay.get(key) === done) underWay.delete(key);
    };
    done.then(forget, forget);
    return done;
  };

  const put = async (key: string, json: string, lease: Lease | undefined): Promise<void> => {
    // Even when the answer gets lost the key may be there, and has to be taken back.
    held.set(key, { json, lease, revision: '' });
    const request = { key: Buffer.from(key), value: Buffer.from(json), lease: lease?.id ?? 0 };
    const { header } = await cluster.ask((line, signal) => line.rpc(signal).kv.put(request));
    held.set(key, { json, lease, revision: header.revision });
  };

  /** What is there already, perhaps from our own life before a crash: its lease is ours to go on with, as in Go. */
  const adopt = async (key: string, seconds: number): Promise<Holding | undefined> => {
    const { kvs } = await cluster.ask((line, signal) => line.rpc(signal).kv.range({ key: Buffer.from(key) }));
    const [pair] = kvs;
    if (pair === undefined || pair.lease === '0') return undefined;
    // Longer than ours it would keep a dead node in sight, shorter it would not last until the next time.
    if ((await renewLease(cluster, pair.lease)) !== seconds) return undefined;
    return { json: pair.value.toString(), lease: { id: pair.lease, seconds }, revision: pair.mod_revision };
  };

  /** Whether the key still is as we left it: a lease can outlive it. */
  const isThere = async (key: string, { revision }: Holding): Promise<boolean> => {
    const request = { key: Buffer.from(key), keys_only: true };
    const { kvs } = await cluster.ask((line, signal) => line.rpc(signal).kv.range(request));
    return kvs[0]?.mod_revision === revision;
  };

  const lasting = async (key: string, json: string): Promise<void> => {
    const known = held.get(key);
    const isSame = known !== undefined && known.lease === undefined && known.json === json;
    if (!isSame || !(await isThere(key, known))) await put(key, json, undefined);
  };

  const passing = async (key: string, json: string, seconds: number): Promise<void> => {
    const known = held.get(key) ?? (await adopt(key, seconds));
    const lease = known?.lease?.seconds === seconds ? known.lease : undefined;
    if (known === undefined || lease === undefined) return put(key, json, await grantLease(cluster, seconds));
    const [left, isUnchanged] = await Promise.all([renewLease(cluster, lease.id), isThere(key, known)]);
    if (left === undefined) return put(key, json, await grantLease(cluster, seconds));
    if (isUnchanged && known.json === json) held.set(key, known);
    else await put(key, json, lease);
  };

  const takeBack = async (key: string, { revision }: Holding): Promise<void> => {
    const request = { key: Buffer.from(key) };
    // Without an answer to our writing we do not know its revision.
    const compare = revision === '' ? [] : [{ ...request, target: 'Mod', mod_revision: revision } as const];
    await cluster.ask((line, signal) =>
      line.rpc(signal).kv.txn({ compare, success: [{ request_delete_range: request }] }),
    );
  };

  return {
    async register(service, { ttlMs, stays = false }) {
      if (service.name === '') throw new RegistryError('invalid', 'a service record needs a name');
      const nodes = service.nodes.map((node) => {
        const json = recordJson({ ...service, nodes: [node] });
        return { key: nodeKey(service.name, node.id).toString(), json };
      });
      await all(
        nodes.map(({ key, json }) =>
          inTurn(key, async () => {
            await (ttlMs === undefined ? lasting(key, json) : passing(key, json, secondsOf(ttlMs)));
            if (stays) held.delete(key);
          }),
        ),
      );
    },
    async deregister(service) {
      const keys = service.nodes.map(({ id }) => nodeKey(service.name, id).toString());
      await all(
        keys.map((key) =>
          inTurn(key, async () => {
            await cluster.ask((line, signal) => line.rpc(signal).kv.deleteRange({ key: Buffer.from(key) }));
            held.delete(key);
          }),
        ),
      );
    },
    async release() {
      await Promise.allSettled(underWay.values());
      await Promise.allSettled([...held].map(([key, holding]) => takeBack(key, holding)));
      held.clear();
    },
  };
}

/** Waits for all of them, then throws the first error: nothing is left to go on behind the caller's back. */
async function all(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}
