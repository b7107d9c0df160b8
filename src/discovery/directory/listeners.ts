import type { Log } from '../../log/log.ts';
import type { Subscription } from '../directory.ts';

export type ChangeListener = (names: ReadonlySet<string>) => void;

/** Everybody who wants to know what changes. */
export interface Listeners {
  add(listener: ChangeListener): Subscription;
  tell(names: ReadonlySet<string>): void;
  clear(): void;
}

export function newListeners(log: Log): Listeners {
  const all = new Set<{ readonly listener: ChangeListener }>();
  return {
    add(listener) {
      const entry = { listener };
      all.add(entry);
      return { end: () => void all.delete(entry) };
    },
    tell(names) {
      for (const { listener } of all) {
        try {
          listener(names);
        } catch (error) {
          log.error('a listener of the directory failed', { error });
        }
      }
    },
    clear: () => all.clear(),
  };
}
