import type { IKeyValue } from 'etcd3';
import { isOutOfRange, WatchCancelled } from './failure.ts';
import { allKeys } from './keys.ts';
import type { Line } from './line.ts';
import type { Batch } from './stream.ts';

/** How far a watch has come, with something to know etcd by: one that lost its disk or was restored counts its revisions anew. */
export interface Position {
  readonly cluster: string;
  /** Of what happened until then nothing is missing. */
  readonly revision: bigint;
  /** Undefined when there was nobody at all. */
  readonly witness: Witness | undefined;
}

/** A key that was as it was because of one change. */
interface Witness {
  readonly key: Buffer;
  /** When it was so for the last time; undefined when it is so at the position. */
  readonly until: bigint | undefined;
  readonly change: string;
  readonly lease: string;
}

/** Where a watch begins. Also shows early whether etcd answers, and to us. */
export async function positionNow(line: Line, signal: AbortSignal): Promise<Position> {
  const { header, kvs } = await line.rpc(signal).kv.range({ ...allKeys, limit: 1, keys_only: true });
  const [pair] = kvs;
  const witness = pair === undefined ? undefined : witnessOf(pair, undefined);
  return { cluster: header.cluster_id, revision: BigInt(header.revision), witness };
}

const witnessOf = (pair: IKeyValue, until: bigint | undefined): Witness => ({
  key: pair.key,
  until,
  change: pair.mod_revision,
  lease: pair.lease,
});

/** The position after a batch. */
export function positionAfter(position: Position, { changes, revision }: Batch): Position {
  const last = changes.at(-1);
  if (last === undefined) return { ...position, revision };
  if (last.kind === 'put') return { ...position, revision, witness: witnessOf(last.pair, undefined) };
  const { before, pair } = last;
  const witness = before === undefined ? undefined : witnessOf(before, BigInt(pair.mod_revision) - 1n);
  return { ...position, revision, witness };
}

/**
 * Throws `WatchCancelled` when this etcd is not the one that we followed until `position`, or cannot prove it. Where there was nobody then,
 * there is nothing to tell one from another by, and nothing that could have been missed either.
 */
export async function checkSame(line: Line, position: Position, signal: AbortSignal): Promise<void> {
  const { cluster, revision, witness } = position;
  const range = witness === undefined ? { ...allKeys, limit: 1 } : { key: witness.key };
  const request = { ...range, keys_only: true, revision: (witness?.until ?? revision).toString() };
  try {
    const { header, kvs } = await line.rpc(signal).kv.range(request);
    const [pair] = kvs;
    const isSame = pair?.mod_revision === witness?.change && pair?.lease === witness?.lease;
    if (!isSame || header.cluster_id !== cluster || BigInt(header.revision) < revision) throw strange();
  } catch (error) {
    throw isOutOfRange(error) ? strange() : error;
  }
}

const strange = (): WatchCancelled => new WatchCancelled('etcd cannot tell any more what happened in between');
