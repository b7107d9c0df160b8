import { misread, type ReadDefinition } from './definition.ts';
import { readPeriod, showPeriod } from './period.ts';
import { readPipeline } from '../pipeline.ts';

export const watchUsage = 'watch [command] for [duration] every [duration]';

const leastEveryMs = 2_000;
const mostMs = 86_400_000;
const defaults = { for: 600_000, every: 10_000 } as const;

/** `for 10m` or `every 30 seconds`, at the end of a line. */
const ending = /\s(for|every)\s+(\d\S*|an?)(?:\s+([a-z]+))?$/i;

/** `> me`, at the end of a line: it belongs to what is watched, also behind `for` and `every`. */
const redirect = /\s+>\s+\S+$/;

/** `watch LINE for 10m every 30s`: both ends may be left out, and stand in any order. */
export const readWatch: ReadDefinition = (args, { now }) => {
  const typed = args.after(0);
  const [to = ''] = readPipeline(typed).to === undefined ? [] : (redirect.exec(typed) ?? []);
  let line = typed.slice(0, typed.length - to.length);
  const given: { for?: number; every?: number } = {};
  for (;;) {
    const [tail, name = '', ...words] = ending.exec(line) ?? [];
    const which = name.toLowerCase() === 'for' ? 'for' : 'every';
    const period = readPeriod({ word: (index) => words[index] }, 0);
    const isWhole = period?.words === words.filter((word) => word !== undefined).length;
    // Anything else belongs to the line that is watched.
    if (tail === undefined || period === undefined || !isWhole || given[which] !== undefined) break;
    given[which] = period.ms;
    line = line.slice(0, -tail.length).trimEnd();
  }
  if (line === '' || /^(?:for|every)\s/i.test(line)) throw misread('watch what?', watchUsage);
  const { every: everyMs = defaults.every, for: forMs = defaults.for } = given;
  if (everyMs < leastEveryMs)
    throw misread(`every ${showPeriod(leastEveryMs)} is the most often that is possible`, watchUsage);
  if (forMs > mostMs) throw misread(`${showPeriod(mostMs)} is the longest that is possible`, watchUsage);
  if (forMs < everyMs) throw misread(`every ${showPeriod(everyMs)} is never within ${showPeriod(forMs)}`, watchUsage);
  return {
    when: { kind: 'watch', everyMs, from: now, until: now + forMs },
    shown: `watch every ${showPeriod(everyMs)} for ${showPeriod(forMs)}`,
    line: line + to,
  };
};
