import { type Caller, type Command, CommandError, type Invocation } from '../commands/command.ts';
import { noPlan } from '../commands/plan.ts';
import { type Document, text } from '../document/document.ts';
import type { Decision, Question, Wish } from './access.ts';
import { questionOf } from './asker.ts';
import type { FileAccess } from './create.ts';
import type { Elsewhere } from './elsewhere.ts';
import { sentenceOf } from './unknown-name.ts';

/** What a line would be asked for, or why it cannot be run at all. Runs nothing. */
export type Wished = (line: string, caller: Caller) => Promise<Wish | string>;

/** What of a line nobody may see again. */
export type Secrets = (line: string, caller: Caller) => Promise<readonly string[]>;

/** The line that is asked about has its secrets here, too. */
const planning = (access: FileAccess, secrets: Secrets): Required<Pick<Command, 'plan'>> => ({
  plan: async ({ args, caller }) => {
    const line = args.after(0);
    try {
      return line === '' ? noPlan : { ...noPlan, secrets: await secrets(line, caller) };
    } catch (error) {
      if (!(error instanceof CommandError) || error.code !== 'not_found') throw error;
      throw new CommandError('usage', [error.message, ...namedIn(access, line)].join('\n'), { cause: error });
    }
  },
});

const builtin = { source: { kind: 'builtin' }, effect: 'read', isAside: true } as const;

export const whoCan = (access: FileAccess, wished: Wished, secrets: Secrets): Command => ({
  ...builtin,
  ...planning(access, secrets),
  name: 'who can',
  usage: 'who can [command]',
  description: 'Shows who may run a command here, and what else it takes',
  examples: ['who can deploy billing --env prod'],
  run: async (invocation): Promise<Document> => {
    const question = await questionFor(access, invocation, wished, 'who can do what?');
    const able = await access.whoCan(question);
    const { size } = access.policy.people;
    const asked = access.decide(question);
    const parts: Document[] = [];
    if (able.length > 0) {
      parts.push({
        kind: 'table',
        columns: ['Person', 'Why', 'Takes'].map((title) => ({ title })),
        rows: able.slice(0, maxRows).map(({ person, decision }) => [person, decision.why, takes(decision)]),
      });
      if (able.length > maxRows) parts.push(text(`and ${able.length - maxRows} more`));
    } else {
      parts.push(text(`${nobodyOf(size)}, here and now`));
      const others = await access.elsewhere(question);
      if (others.length > 0) parts.push({ kind: 'list', items: others.map(describe) });
      parts.push(...hint(access));
    }
    const isTold = able.some(({ person }) => person === asked.person);
    if (asked.isAllowed && !isTold) parts.push(text(`You may: ${asked.why}`));
    return { kind: 'group', gap: 0, parts };
  },
});

const nobodyOf = (size: number): string =>
  size === 0
    ? 'nobody: no access file names anybody'
    : `nobody of the ${size === 1 ? 'one person' : `${size} people`} in the access file`;

/** `can i`, and `why can't i` as people spell it. */
export const canI = (access: FileAccess, wished: Wished, secrets: Secrets): Command => ({
  ...builtin,
  ...planning(access, secrets),
  name: 'can i',
  aliases: ["why can't i", 'why can’t i', 'why cant i', 'why can i'],
  usage: 'can i [command]',
  description: 'Shows whether you may run a command here, and why; also: why can’t I [command]',
  examples: ['can i deploy billing --env prod', "why can't i deploy billing"],
  run: async (invocation): Promise<Document> => {
    const question = await questionFor(access, invocation, wished, 'can you do what?');
    const decision = access.decide(question);
    const more = decision.isAllowed ? takes(decision) : '';
    return {
      kind: 'group',
      gap: 0,
      parts: [
        text(decision.isAllowed ? `yes: ${decision.why}` : `no: ${decision.why}`),
        ...(more === '' ? [] : [text(`it takes: ${more}`)]),
        { kind: 'list', items: decision.path.map((step, index) => `${index + 1}. ${step}`) },
        ...(decision.isAllowed ? [] : [text(`who can ${question.commands[0] ?? ''} - shows who may`), ...hint(access)]),
      ],
    };
  },
});

const maxRows = 50;
const maxNames = 8;

/** `in #ops, mon-fri 09:00-17:00: ann, ben` */
function describe({ when, people }: Elsewhere): string {
  const more = people.length > maxNames ? [`and ${people.length - maxNames} more`] : [];
  return `${when}: ${[...people.slice(0, maxNames), ...more].join(', ')}`;
}

/** A rule that does nothing may be the one that somebody looks for. */
const hint = ({ unknown }: FileAccess): readonly Document[] =>
  unknown.length === 0
    ? []
    : [text(`Names in the access file that nobody has: ${unknown.length}. access - shows them`)];

async function questionFor(
  access: FileAccess,
  { args, caller }: Invocation,
  wished: Wished,
  what: string,
): Promise<Question> {
  const line = args.after(0);
  if (line === '') throw new CommandError('usage', what);
  const wish = await wished(line, caller);
  if (typeof wish === 'string') throw new CommandError('usage', [wish, ...namedIn(access, line)].join('\n'));
  return questionOf(wish, caller);
}

/** What the access file says of a command that there is not. */
function namedIn({ unknown }: FileAccess, line: string): readonly string[] {
  const typed = `${line.toLowerCase().replaceAll(/\s+/g, ' ')} `;
  return unknown.filter(({ name }) => typed.startsWith(`${name} `)).map(sentenceOf);
}

function takes(decision: Decision): string {
  if (!decision.isAllowed) return '';
  const { confirm, approvals, scopes } = decision;
  const others = approvals === 1 ? 'the approval of one other' : `the approvals of ${approvals} others`;
  return [
    ...(confirm ? ['a confirmation'] : []),
    ...(approvals > 0 ? [`${others} who hold${approvals === 1 ? 's' : ''} ${scopes.join(' and ')}`] : []),
  ].join(', ');
}
