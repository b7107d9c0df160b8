import { createHash } from 'node:crypto';
import { type Arguments, CommandError, type Planned } from '../../commands/command.ts';
import type { Plan } from '../../commands/plan.ts';

/** One command of a line, as it would run now. */
export interface PlannedStage {
  /** Its name, not an alias. */
  readonly command: string;
  readonly planned: Pick<Planned, 'args' | 'options'>;
  readonly plan: Pick<Plan, 'parameters' | 'target'>;
}

/**
 * A SHA-256 of what a line does: its commands, their words and text as typed, options, parameters, and the services, endpoints and versions
 * they go to. Two lines have the same only when all of that is the same. Lists of strings as JSON: no value can pretend to be two, or part
 * of its neighbour.
 */
export const fingerprint = (stages: readonly PlannedStage[]): string =>
  createHash('sha256')
    .update(JSON.stringify(stages.map(canonical)))
    .digest('hex');

const canonical = ({ command, planned: { args, options }, plan: { parameters, target } }: PlannedStage): unknown => [
  command,
  wordsOf(args),
  args.after(0),
  Object.entries(options).sort(byName),
  [...parameters].sort(byName),
  target === undefined ? [] : [target.service, target.endpoint, target.version],
];

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;

/** Verbatim text, such as JSON, need not be words. */
function wordsOf(args: Arguments): readonly string[] | undefined {
  try {
    return args.words;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
