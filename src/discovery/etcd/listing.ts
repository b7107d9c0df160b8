import type { ServiceRecord } from '../registry.ts';
import { newAssembly } from './assemble.ts';
import type { Cluster } from './cluster.ts';
import { isAnswerTooLarge, isCompacted } from './failure.ts';
import { type KeyRange, keyAfter } from './keys.ts';
import { type Page, readPage } from './page.ts';
import type { ReadEntry } from './values.ts';

/** What the first page holds; less when its records are so large that the answer is not taken. */
const firstKeys = 4000;
/** What later pages may weigh: etcd counts all keys for each page, so the fewer the better. */
const pageBytes = 16 << 20;
/** How often a list begins anew because etcd forgot its time while it was read, with larger pages each time: a single one is safe from it. */
const maxRestarts = 4;

/**
 * Reads all records of a range as they were at one moment, page by page: no answer is too large, each has its own deadline, and while one
 * is read etcd already works on the next. The reads go through the cluster's leader, unlike Go's: a member that was cut off would otherwise
 * tell of nodes that left long ago as if they were there. When there is no leader nothing changes either, and the caches before us hold.
 */
export async function readRecords(
  cluster: Cluster,
  range: KeyRange,
  read: ReadEntry,
): Promise<readonly ServiceRecord[]> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await readPages(cluster, range, read, restarts);
    } catch (error) {
      if (!isCompacted(error)) throw error;
    }
  }
}

async function readPages(
  cluster: Cluster,
  { key, range_end }: KeyRange,
  read: ReadEntry,
  restarts: number,
): Promise<readonly ServiceRecord[]> {
  const assembly = newAssembly();
  let limit = firstKeys * 4 ** restarts;
  let revision = '0';
  const ask = (from: Buffer): Promise<Page> =>
    cluster.ask(
      async (line, signal) => readPage(await line.rawRange({ key: from, range_end, limit, revision }, signal)),
      {
        isAnswer: (error) => (isAnswerTooLarge(error) && limit > 1) || (restarts < maxRestarts && isCompacted(error)),
      },
    );
  const page = async (from: Buffer): Promise<Page> => {
    for (;;) {
      try {
        return await ask(from);
      } catch (error) {
        if (!isAnswerTooLarge(error)) throw error;
        limit = Math.ceil(limit / 8);
      }
    }
  };
  for (let next: Promise<Page> | undefined = page(key); next !== undefined; ) {
    const current: Page = await next;
    // All pages show the moment of the first.
    if (revision === '0') revision = current.revision;
    if (current.count > 0)
      limit = Math.max(1, Math.min(limit * 2, Math.floor((pageBytes / current.size) * current.count)));
    next = current.more && current.lastKey !== undefined ? page(keyAfter(current.lastKey)) : undefined;
    // It is awaited only when this page is read.
    next?.catch(() => {});
    current.forEach((entry) => {
      const part = read(entry);
      if (part !== undefined) assembly.add(part);
    });
  }
  return assembly.records();
}
