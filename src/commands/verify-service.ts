import { renderTerminal } from '../document/terminal.ts';
import type { Command } from './command.ts';
import { isGuarded, noGuard } from './plan.ts';
import { describeProblem } from './problem.ts';
import type { Rehearsal } from './rehearsal.ts';

interface About {
  readonly service: string;
  /** The command's name. */
  readonly command: string;
  /** Empty for what is about the command as a whole. */
  readonly example: string;
}

/** How it is. Milliseconds; undefined: nothing was said to the bot. */
type Verdict =
  | { readonly kind: 'ok'; readonly tookMs: number }
  /** It would run; `why` it was not. */
  | { readonly kind: 'planned'; readonly why: string; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly why: string; readonly tookMs: number | undefined }
  | { readonly kind: 'no example' };

/** One thing that was looked at. */
export type Check = About & Verdict;

/** Looks at all commands of a service, one thing after the other: what an example did may matter to the next. */
export async function* checkService(service: string, rehearsal: Rehearsal, runsAll: boolean): AsyncIterable<Check> {
  const { set } = rehearsal;
  const about = (command: string, example = ''): About => ({ service, command, example });
  const commands = set.commands.filter((command) => isOf(command, service));
  const problems = set.problems.filter((problem) => problem.service === service);
  for (const problem of problems) {
    yield { ...about(problem.name), kind: 'failed', why: describeProblem(problem), tookMs: undefined };
  }
  if (commands.length === 0 && problems.length === 0) {
    yield { ...about(''), kind: 'failed', why: 'the service has no command', tookMs: undefined };
  }
  for (const command of commands) {
    if (command.description === '') {
      yield { ...about(command.name), kind: 'failed', why: 'there is no description', tookMs: undefined };
    }
    const { examples = [] } = command;
    if (examples.length === 0) yield { ...about(command.name), kind: 'no example' };
    for (const example of examples) {
      yield { ...about(command.name, example), ...(await tryExample(example, service, rehearsal, runsAll)) };
    }
  }
}

async function tryExample(example: string, service: string, rehearsal: Rehearsal, runsAll: boolean): Promise<Verdict> {
  const command = rehearsal.find(example);
  if (command === undefined || !isOf(command, service)) {
    return { kind: 'failed', why: leadsElsewhere(command), tookMs: undefined };
  }
  const why = runsAll ? undefined : reasonNotToRun(command);
  const startedAt = performance.now();
  const { document, outcome } = await rehearsal.say(why === undefined ? example : `--plan ${example}`);
  const tookMs = performance.now() - startedAt;
  if (outcome === 'failed') return { kind: 'failed', why: renderTerminal(document), tookMs };
  if (outcome === 'asked') return { kind: 'failed', why: `something is missing: ${renderTerminal(document)}`, tookMs };
  return why === undefined ? { kind: 'ok', tookMs } : { kind: 'planned', why, tookMs };
}

/** Undefined: it does no harm. */
function reasonNotToRun({ effect = 'change', guard = noGuard }: Command): string | undefined {
  if (effect === 'change') return 'it may change something';
  return isGuarded(guard) ? 'it is guarded' : undefined;
}

const isOf = ({ source }: Command, service: string): boolean => source.kind === 'service' && source.service === service;

function leadsElsewhere(command: Command | undefined): string {
  if (command === undefined) return 'it begins with no command';
  const { name, source } = command;
  return `it leads to ${name} of ${source.kind === 'service' ? source.service : 'the bot'}`;
}
