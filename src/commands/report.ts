import type { Log } from '../log/log.ts';
import { logged, type Problem } from './problem.ts';

/** More at once are only counted: a hundred services may have the same trouble, and `status` has it, too. */
const maxAtOnce = 20;

/** Logs each problem when it comes up, and again only after it was gone. Takes the whole list each time. */
export function reportOnce(log: Log): (problems: readonly Problem[]) => void {
  let known = new Set<string>();
  return (problems) => {
    const now = new Map(problems.map(logged).map((line) => [JSON.stringify(line), line]));
    const news = [...now].filter(([key]) => !known.has(key)).map(([, line]) => line);
    for (const { message, service, reason } of news.slice(0, maxAtOnce)) log.warn(message, { service, reason });
    const more = news.length - maxAtOnce;
    if (more > 0) log.warn('more commands have problems', { more });
    known = new Set(now.keys());
  };
}
