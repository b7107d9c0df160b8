import { typedLine } from '../../../src/bot/line.ts';
import type { Planned } from '../../../src/commands/command.ts';
import { filters } from '../../../src/commands/filters/filters.ts';
import { commandSet } from '../../../src/commands/set.ts';
import type { Document } from '../../../src/document/document.ts';
import { finish } from '../../../src/document/steps.ts';
import { renderTerminal } from '../../../src/document/terminal.ts';

const set = commandSet(filters);
const nothing: Document = { kind: 'list', items: [] };

/** What is left of a document behind these filters, each as it is typed. */
export const through = (document: Document, ...stages: readonly string[]): Document | undefined =>
  stages.reduce<Document | undefined>((before, stage) => one(before ?? nothing, stage), document);

/** The same as a terminal shows it; undefined when nothing is left. */
export function shown(document: Document, ...stages: readonly string[]): string | undefined {
  const left = through(document, ...stages);
  return left === undefined ? undefined : renderTerminal(left);
}

function one(document: Document, stage: string): Document | undefined {
  const line = typedLine(stage);
  const command = set.filter(line.word(0) ?? '');
  if (command?.filter === undefined) throw new Error(`${stage} is no filter`);
  const planned: Planned = { args: line.rest(1), options: {}, caller: { input: 'memory', room: 'C1', user: 'U1' } };
  // What is wrong with the words is told before anything runs.
  void command.plan?.(planned);
  const left = command.filter(document, planned);
  return left !== undefined && 'next' in left ? finish(left) : left;
}
