import { type Document, text } from '../document/document.ts';
import { type Command, CommandError, type Invocation, type Option } from './command.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { CommandSet } from './set.ts';
import type { Check } from './verify-service.ts';

export interface VerifyDeps {
  /** Opens it when the services that run were seen. What is said there ends with the signal. */
  readonly rehearse: (signal: AbortSignal) => Promise<Rehearsal>;
}

export const options: readonly Option[] = [
  { name: 'all', kind: 'boolean', usage: 'Every service that has commands' },
  {
    name: 'run',
    kind: 'boolean',
    usage: 'Run also what changes something or is guarded, which is only planned otherwise',
  },
];

/** `micro verify billing`: whether the commands of a service are what it says. Fails when something is not. */
export const verify = ({ rehearse }: VerifyDeps): Command => ({
  name: 'verify',
  usage: 'verify [service]... [--all] [--run]',
  description: 'Run the examples of the commands of a service, and look for mistakes in its metadata',
  source: { kind: 'builtin' },
  options,
  run: (invocation) => verified(invocation, rehearse),
});

async function* verified(
  { args: { words }, options: given, signal }: Invocation,
  rehearse: VerifyDeps['rehearse'],
): AsyncIterable<Document> {
  const isAll = given['all'] === true;
  if (isAll === words.length > 0) throw new CommandError('usage', 'which service? micro verify SERVICE, or --all');
  // Other command lines need none of it.
  const [{ checkService }, { counted, rowOf, titles }] = await Promise.all([
    import('./verify-service.ts'),
    import('./verify-table.ts'),
  ]);
  const rehearsal = await rehearse(signal);
  const checks: Check[] = [];
  try {
    for (const service of words) {
      if (!(await rehearsal.serves(service))) throw new CommandError('not_found', `there is no service ${service}`);
    }
    for (const service of isAll ? withCommands(rehearsal.set) : new Set(words)) {
      for await (const check of checkService(service, rehearsal, given['run'] === true)) {
        signal.throwIfAborted();
        if (checks.length === 0) yield titles;
        checks.push(check);
        yield rowOf(check);
      }
    }
  } finally {
    await rehearsal.close();
  }
  if (checks.length === 0) throw new CommandError('not_found', 'no service has commands');
  const summary = counted(checks);
  if (checks.some(({ kind }) => kind === 'failed')) throw new CommandError('failed', summary);
  yield text(`\n${summary}`);
}

const withCommands = ({ commands, problems }: CommandSet): ReadonlySet<string> =>
  new Set(
    [
      ...commands.flatMap(({ source }) => (source.kind === 'service' ? [source.service] : [])),
      ...problems.map(({ service }) => service),
    ].sort(),
  );
