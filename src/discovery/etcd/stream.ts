import type { IEvent, IKeyValue, IWatchResponse } from 'etcd3';
import { orAborted } from '../../async/aborted.ts';
import { AsyncQueue } from '../../async/queue.ts';
import { WatchCancelled } from './failure.ts';
import { allKeys } from './keys.ts';
import type { Line } from './line.ts';

/** What became of one key. */
export type Change =
  | { readonly kind: 'put'; readonly pair: IKeyValue; readonly before: IKeyValue | undefined }
  /** Of the key only its name and its last revision are left. */
  | { readonly kind: 'delete'; readonly pair: IKeyValue; readonly before: IKeyValue | undefined };

/** What etcd said: changes in their order, or none and only how far we are. */
export interface Batch {
  readonly changes: readonly Change[];
  /** Until here nothing is missing after this batch. */
  readonly revision: bigint;
}

/** One watch on all services as etcd runs it. The iteration ends only with an error, which is `WatchCancelled` when etcd meant it. */
export interface ChangeStream {
  readonly batches: AsyncIterable<Batch>;
  readonly close: () => void;
}

/** Watches from a revision on. Resolves when etcd has agreed to it. */
export async function openStream(line: Line, start: bigint, signal: AbortSignal): Promise<ChangeStream> {
  const stream = await line.rpc(signal).watch.watch();
  const responses = new AsyncQueue<IWatchResponse>(() => stream.cancel());
  stream.on('error', (error) => responses.fail(error));
  stream.on('end', () => responses.fail(new Error('etcd ended the stream of events')));
  stream.on('data', (response) => responses.push(response));
  const close = (): void => void responses.return();
  try {
    const request = {
      ...allKeys,
      start_revision: start.toString(),
      prev_kv: true,
      progress_notify: true,
      fragment: true,
    };
    stream.write({ create_request: request });
    agreed(await orAborted(responses.next(), signal).then(({ value }) => value as IWatchResponse));
    return { batches: batches(responses), close };
  } catch (error) {
    close();
    throw error;
  }
}

function agreed(response: IWatchResponse): IWatchResponse {
  const { canceled, compact_revision, cancel_reason } = response;
  if (!canceled) return response;
  if (compact_revision !== '0') throw new WatchCancelled('etcd has forgotten what happened in between');
  throw new WatchCancelled(cancel_reason === '' ? 'etcd ended the watch' : cancel_reason);
}

async function* batches(responses: AsyncIterable<IWatchResponse>): AsyncGenerator<Batch> {
  let changes: Change[] = [];
  for await (const response of responses) {
    const { header, fragment, events } = agreed(response);
    for (const event of events) changes.push(changeOf(event));
    if (fragment) continue;
    // Beside changes etcd tells of a revision that may be ahead of them.
    yield { changes, revision: BigInt(changes.at(-1)?.pair.mod_revision ?? header.revision) };
    changes = [];
  }
}

/** The library's types say `Put` and `null` is not in them; what comes says `PUT`. */
function changeOf({ type, kv, prev_kv }: IEvent): Change {
  const before = (prev_kv as IKeyValue | null) ?? undefined;
  return { kind: type.toUpperCase() === 'PUT' ? 'put' : 'delete', pair: kv, before };
}
