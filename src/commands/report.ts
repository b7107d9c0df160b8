import type { Log } from '../log/log.ts';
import { logged, type Problem } from './problem.ts';

/** Logs each problem when it comes up, and again only after it was gone. Takes the whole list each time. */
export function reportOnce(log: Log): (problems: readonly Problem[]) => void {
  let known = new Set<string>();
  return (problems) => {
    const now = new Map(problems.map(logged).map((line) => [JSON.stringify(line), line]));
    for (const [key, { message, service, reason }] of now) if (!known.has(key)) log.warn(message, { service, reason });
    known = new Set(now.keys());
  };
}
