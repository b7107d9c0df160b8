import { withResolvers, type Resolvers } from '../../../async/queue.ts';
import { XmppError } from '../account.ts';

/** What was sent and is not acknowledged yet, in order. */
export interface Ledger {
  readonly size: number;
  /** Resolves when it is acknowledged; rejects with an `XmppError`, never unhandled. */
  add(text: string): Promise<void>;
  /** The server had so many since the beginning. False when it claims more than we sent. */
  acknowledge(count: number): boolean;
  texts(): readonly string[];
  /** None of them will be acknowledged any more. */
  fail(reason: string): void;
}

/** So much may wait: whoever sends more is told that it does not get through. */
const maxSize = 5_000;
/** Counts begin anew there (XEP-0198, 4). */
const wrap = 2 ** 32;

export function createLedger(): Ledger {
  let entries: (Resolvers<void> & { readonly text: string })[] = [];
  let acknowledged = 0;
  return {
    get size() {
      return entries.length;
    },
    add(text) {
      const resolvers = withResolvers<void>();
      resolvers.promise.catch(() => {});
      if (entries.length >= maxSize) resolvers.reject(new XmppError('unavailable', '', 'too much waits to be sent'));
      else entries.push({ ...resolvers, text });
      return resolvers.promise;
    },
    acknowledge(count) {
      const more = (count - acknowledged + wrap) % wrap;
      if (more > entries.length) return false;
      acknowledged = count;
      for (const { resolve } of entries.splice(0, more)) resolve();
      return true;
    },
    texts: () => entries.map(({ text }) => text),
    fail(reason) {
      const lost = entries;
      entries = [];
      for (const { reject } of lost) reject(new XmppError('unavailable', '', reason));
    },
  };
}
