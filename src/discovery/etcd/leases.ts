import type { ILeaseKeepAliveResponse } from 'etcd3';
import { withResolvers } from '../../async/queue.ts';
import type { Cluster } from './cluster.ts';
import { isLeaseLost } from './failure.ts';
import type { Line } from './line.ts';

/** How long keys live that hang on it, unless it is renewed. */
export interface Lease {
  readonly id: string;
  /** What was asked for; etcd may have granted more. */
  readonly seconds: number;
}

/** etcd counts whole seconds. */
export const secondsOf = (ttlMs: number): number => Math.max(1, Math.ceil(ttlMs / 1000));

export async function grantLease(cluster: Cluster, seconds: number): Promise<Lease> {
  const { ID } = await cluster.ask((line, signal) => line.rpc(signal).lease.leaseGrant({ TTL: seconds }));
  return { id: ID, seconds };
}

/** Renews a lease. Gives the seconds it lives from now, or undefined when it has ended. */
export async function renewLease(cluster: Cluster, id: string): Promise<number | undefined> {
  try {
    const { TTL } = await cluster.ask((line, signal) => keepAliveOnce(line, id, signal), { isAnswer: isLeaseLost });
    return Number(TTL) > 0 ? Number(TTL) : undefined;
  } catch (error) {
    if (isLeaseLost(error)) return undefined;
    throw error;
  }
}

async function keepAliveOnce(line: Line, id: string, signal: AbortSignal): Promise<ILeaseKeepAliveResponse> {
  const { promise, resolve, reject } = withResolvers<ILeaseKeepAliveResponse>();
  const stream = await line.rpc(signal).lease.leaseKeepAlive();
  const cancel = (): void => stream.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  // After the answer the stream is of no interest, and cancelling it is an error.
  stream.on('error', reject);
  stream.on('data', resolve);
  stream.on('end', () => reject(new Error('etcd ended the stream without an answer')));
  stream.write({ ID: id });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', cancel);
    stream.cancel();
  }
}
