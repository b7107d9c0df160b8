import { renderTerminal } from '../document/terminal.ts';
import type { Command } from './command.ts';
import { isGuarded, noGuard } from './plan.ts';
import { describeProblem } from './problem.ts';
import type { Rehearsal } from './rehearsal.ts';

interface About {
  readonly service: string;
  /** Empty where there is none, or no single one. */
  readonly version: string;
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

/** A command as one version of a service has it. */
interface Version {
  readonly command: Command;
  readonly version: string;
  /** Others run beside it: who wants this one has to say so. */
  readonly isOneOfMany: boolean;
}

/** Looks at all commands of a service in all versions, one thing after the other: what an example did may matter to the next. */
export async function* checkService(service: string, rehearsal: Rehearsal, runsAll: boolean): AsyncIterable<Check> {
  const { set } = rehearsal;
  const versions = set.commands.filter((command) => isOf(command, service)).flatMap(versionsOf);
  const problems = set.problems.filter((problem) => problem.service === service);
  for (const problem of problems) {
    const version = problem.kind === 'broken' ? problem.version : '';
    yield { service, version, command: problem.name, example: '', ...failed(describeProblem(problem)) };
  }
  if (versions.length === 0 && problems.length === 0) {
    yield { service, version: '', command: '', example: '', ...failed('the service has no command') };
  }
  for (const each of versions) {
    const { command, version } = each;
    const about: About = { service, version, command: command.name, example: '' };
    if (command.description === '') yield { ...about, ...failed('there is no description') };
    const { examples = [] } = command;
    if (examples.length === 0) yield { ...about, kind: 'no example' };
    for (const example of examples) {
      const line = each.isOneOfMany ? withVersion(example, version, rehearsal) : example;
      yield { ...about, example: line, ...(await tryExample(line, each, service, rehearsal, runsAll)) };
    }
  }
}

function versionsOf(command: Command): readonly Version[] {
  const { versions = [], source } = command;
  if (versions.length > 1) return versions.map((each) => ({ ...each, isOneOfMany: true }));
  return [{ command, version: source.kind === 'service' ? source.version : '', isOneOfMany: false }];
}

/** `deploy billing` as `deploy@1.1.0 billing`. What begins with no command stays as it is. */
function withVersion(example: string, version: string, rehearsal: Rehearsal): string {
  const words = rehearsal.find(example)?.words;
  if (words === undefined) return example;
  const name = new RegExp(`^\\s*(?:\\S+\\s+){${words - 1}}\\S+`);
  return example.replace(name, (typed) => (typed.includes('@') ? typed : `${typed}@${version}`));
}

async function tryExample(
  line: string,
  { version, isOneOfMany }: Version,
  service: string,
  rehearsal: Rehearsal,
  runsAll: boolean,
): Promise<Verdict> {
  const command = rehearsal.find(line)?.command;
  if (command === undefined || !isOf(command, service, isOneOfMany ? version : undefined)) {
    return failed(leadsElsewhere(command));
  }
  const why = runsAll ? undefined : reasonNotToRun(command);
  const startedAt = performance.now();
  const { document, outcome } = await rehearsal.say(why === undefined ? line : `--plan ${line}`);
  const tookMs = performance.now() - startedAt;
  if (outcome === 'failed') return failed(renderTerminal(document), tookMs);
  if (outcome === 'asked') return failed(`something is missing: ${renderTerminal(document)}`, tookMs);
  return why === undefined ? { kind: 'ok', tookMs } : { kind: 'planned', why, tookMs };
}

const failed = (why: string, tookMs?: number): Verdict => ({ kind: 'failed', why, tookMs });

/** Undefined: it does no harm. */
function reasonNotToRun({ effect = 'change', guard = noGuard }: Command): string | undefined {
  if (effect === 'change') return 'it may change something';
  return isGuarded(guard) ? 'it is guarded' : undefined;
}

const isOf = ({ source }: Command, service: string, version?: string): boolean =>
  source.kind === 'service' && source.service === service && (version === undefined || source.version === version);

function leadsElsewhere(command: Command | undefined): string {
  if (command === undefined) return 'it begins with no command';
  const { name, source } = command;
  return `it leads to ${name} of ${source.kind === 'service' ? `${source.service} ${source.version}`.trimEnd() : 'the bot'}`;
}
