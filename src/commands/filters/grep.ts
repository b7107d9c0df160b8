import type { Document } from '../../document/document.ts';
import type { Steps } from '../../document/steps.ts';
import type { Command } from '../command.ts';
import { filterCommand, wrong } from './filter.ts';
import { readFlags } from './flags.ts';
import { changeLeaves } from './leaves.ts';
import { type Leaf, rowsOf } from './rows.ts';

const usage = 'grep [-i] [-v] [text]';

/** To look for a longer one can take long. */
const maxLength = 256;
/** So many rows are one step. */
const together = 64;

interface Wanted {
  readonly pattern: string;
  readonly ignoresCase: boolean;
  readonly isInverted: boolean;
}

export const grep: Command = filterCommand<Wanted>({
  name: 'grep',
  usage,
  description: 'Shows only what holds the [text]',
  examples: ['list services | grep billing', 'list nodes | grep -v 10.0.0.7'],
  details: [
    'text - taken as it is, not as a pattern; capitals count when there are any in it',
    '-i, --ignore-case - capitals never count',
    '-v, --invert - only what does not hold it',
  ],
  read(args) {
    const { flags, words } = readFlags(args, { i: 'ignore-case', v: 'invert' }, usage);
    const pattern = words.join(' ');
    if (words.length === 0) throw wrong(usage, 'grep what?');
    if (pattern.length > maxLength) throw wrong(usage, `grep looks for ${maxLength} letters at most`);
    const ignoresCase = flags.has('ignore-case') || pattern === pattern.toLowerCase();
    return { pattern: ignoresCase ? pattern.toLowerCase() : pattern, ignoresCase, isInverted: flags.has('invert') };
  },
  apply: (document, wanted) => changeLeaves(document, (leaf) => keep(leaf, wanted)),
});

function* keep(leaf: Leaf, { pattern, ignoresCase, isInverted }: Wanted): Steps<Document | undefined> {
  const rows = yield* rowsOf(leaf);
  const kept: number[] = [];
  for (let row = 0; row < rows.count; row += 1) {
    if (row % together === together - 1) yield;
    const text = rows.text(row);
    const isHeld = (ignoresCase ? text.toLowerCase() : text).includes(pattern);
    if (isHeld !== isInverted) kept.push(row);
  }
  return kept.length === rows.count && rows.count > 0 ? leaf : yield* rows.take(kept);
}
