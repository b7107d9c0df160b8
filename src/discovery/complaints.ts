import type { Log, LogFields } from '../log/log.ts';

/** Tells of something that is broken, unless it has told of what has the same key. */
export type Complain = (key: string, message: string, fields: LogFields) => void;

/** Somebody who writes garbage writes a lot of it, and what else is in the log shall be found. */
const mostTold = 100;

/** Tells each thing once, and no more than a hundred in all. */
export function newComplaints(log: Log): Complain {
  const told = new Set<string>();
  return (key, message, fields) => {
    if (told.has(key) || told.size >= mostTold) return;
    told.add(key);
    log.warn(message, fields);
    if (told.size === mostTold) log.warn('more of what is broken is not told any more', { told: mostTold });
  };
}
