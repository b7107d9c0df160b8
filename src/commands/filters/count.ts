import { text } from '../../document/document.ts';
import type { Command } from '../command.ts';
import { filterCommand, wrong } from './filter.ts';
import { answerRows, leavesOf, withNotes } from './leaves.ts';

const usage = 'count';

export const count: Command = filterCommand<undefined>({
  name: 'count',
  usage,
  description: 'Shows how many rows there are',
  examples: ['list services | count', 'list nodes | grep billing | count'],
  details: [],
  read(args) {
    if (args.after(0) !== '') throw wrong(usage, 'count takes no words');
    return undefined;
  },
  *apply(document) {
    const counts = (yield* answerRows(leavesOf(document))).map((rows) => {
      if (rows === undefined) return 0;
      return rows.kind === 'whole' ? 1 : rows.count;
    });
    return withNotes(text(String(counts.reduce((sum, each) => sum + each, 0))), document);
  },
});
