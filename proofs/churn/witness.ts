// Tells what is in etcd, each change as soon as etcd tells it. Speaks the JSON that etcd takes over plain HTTP, and knows nothing of our
// drivers.
// witness.js ADDRESS…
import { setTimeout as wait } from 'node:timers/promises';
import { nowMs } from './clock.ts';
import type { Testimony } from './messages.ts';

interface Range {
  readonly header: { readonly revision: string };
  readonly kvs?: readonly { readonly key: string }[];
}

interface Watched {
  readonly result?: {
    readonly canceled?: boolean;
    readonly events?: readonly { readonly type?: string; readonly kv: { readonly key: string } }[];
  };
  readonly error?: unknown;
}

const prefix = '/micro/registry/';
const keys = { key: btoa(prefix), range_end: btoa('/micro/registry0') };
const addresses = process.argv.slice(2);
const known = new Set<string>();

process.once('disconnect', () => process.exit());

const tell = (testimony: Testimony): void => void process.send?.(testimony);

function note(key: string, isThere: boolean, at: number): void {
  if (known.has(key) === isThere) return;
  if (isThere) known.add(key);
  else known.delete(key);
  const [service = '', id = ''] = key.slice(prefix.length).split('/');
  tell({ kind: 'node', service, id, isThere, at });
}

const text = (base64: string): string => Buffer.from(base64, 'base64').toString();

async function ask(address: string, path: string, body: object): Promise<Response> {
  const answer = await fetch(`http://${address}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`etcd answers ${answer.status}`);
  return answer;
}

/** Gives the revision that was listed. */
async function list(address: string): Promise<bigint> {
  const { header, kvs = [] } = (await (await ask(address, 'kv/range', { ...keys, keys_only: true })).json()) as Range;
  const at = nowMs();
  const found = new Set(kvs.map(({ key }) => text(key)));
  for (const key of known) if (!found.has(key)) note(key, false, at);
  for (const key of found) note(key, true, at);
  tell({ kind: 'listed', at });
  return BigInt(header.revision);
}

async function watch(address: string, revision: bigint): Promise<void> {
  const answer = await ask(address, 'watch', { create_request: { ...keys, start_revision: String(revision + 1n) } });
  let rest = '';
  for await (const bytes of answer.body ?? []) {
    const at = nowMs();
    const lines = `${rest}${Buffer.from(bytes as Uint8Array).toString()}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { result, error } = JSON.parse(line) as Watched;
      if (error !== undefined || result?.canceled === true) return;
      for (const { type, kv } of result?.events ?? []) note(text(kv.key), type !== 'DELETE', at);
    }
  }
}

for (let turn = 0; ; turn += 1) {
  const address = addresses[turn % addresses.length] ?? '';
  try {
    await watch(address, await list(address));
  } catch {
    // It is down: the next one, or the same again.
  }
  await wait(10);
}
