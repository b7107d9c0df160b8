import type { Document } from '../../document/document.ts';
import type { Steps } from '../../document/steps.ts';
import type { Command } from '../command.ts';
import { filterCommand, wrong } from './filter.ts';
import { readFlags } from './flags.ts';
import { given } from './rows.ts';
import { answerRows, changeLeaves, leavesOf } from './leaves.ts';

type End = 'first' | 'last';

const defaultCount = 10;

const cutting = (name: string, end: End): Command => {
  const usage = `${name} [count]`;
  return filterCommand<number>({
    name,
    usage,
    description: `Shows only the ${end} rows, ${defaultCount} when no [count] is given`,
    examples: [`list services | ${name} 5`],
    details: ['count - of rows, items, lines or elements, whichever there are'],
    read(args) {
      const { words } = readFlags(args, { n: 'lines' }, usage);
      const [word = String(defaultCount), ...more] = words;
      const count = Number(/^(?:-n?)?(\d+)$/.exec(word)?.[1] ?? Number.NaN);
      if (!Number.isSafeInteger(count) || more.length > 0) throw wrong(usage, `${name} takes one number`);
      return count;
    },
    apply: (document, count) => cut(document, count, end),
  });
};

export const head: Command = cutting('head', 'first');
export const tail: Command = cutting('tail', 'last');

/** What is said around the rows stays, as far as it does not stand beyond what is left out. */
function* cut(document: Document, count: number, end: End): Steps<Document | undefined> {
  if (count === 0) return undefined;
  const leaves = leavesOf(document);
  const rows = yield* answerRows(leaves);
  const order = end === 'first' ? [...leaves.keys()] : [...leaves.keys()].reverse();
  const kept = new Map<number, Document | undefined>();
  let left = count;
  for (const index of order) {
    const own = rows[index];
    if (own === undefined) kept.set(index, leaves[index]);
    else {
      const length = Math.min(left, own.count);
      const from = end === 'first' ? 0 : own.count - length;
      const some = Array.from({ length }, (_, row) => from + row);
      kept.set(index, length === own.count ? leaves[index] : yield* own.take(some));
      left -= length;
      if (length < own.count) break;
    }
  }
  return yield* changeLeaves(document, (_, index) => given(kept.get(index)));
}
