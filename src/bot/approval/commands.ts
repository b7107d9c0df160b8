import { type Caller, type Command, CommandError, type Invocation, type Planned } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import { visibleName } from './visible.ts';

/** What people can do about requests. Each throws a `CommandError`. */
export interface Verbs {
  confirm(typed: string, caller: Caller): Promise<Document>;
  approve(typed: string, remark: string, caller: Caller): Promise<Document>;
  deny(typed: string, reason: string, caller: Caller): Promise<Document>;
  list(caller: Caller): Document;
  show(typed: string, caller: Caller): Promise<Document>;
}

interface About {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly description: string;
  readonly examples: readonly string[];
}

/** Who may do what about a request is looked up when they do it: to try changes nothing. */
const verb = (about: About, run: (invocation: Planned) => Document | Promise<Document>): Command => ({
  ...about,
  source: { kind: 'builtin' },
  effect: 'read',
  isUrgent: true,
  isOwnWord: true,
  run: async (invocation: Invocation) => run(invocation),
});

const maxRemark = 500;

export const approvalCommands = (verbs: Verbs): readonly Command[] => [
  verb(
    {
      name: 'confirm',
      aliases: ['yes'],
      usage: 'confirm [code]',
      description: 'Lets something of yours run that waits for your word',
      examples: ['confirm K7QD-2M'],
    },
    ({ args, caller }) => {
      const code = args.word(0);
      return code === undefined
        ? which('confirm', verbs.list(caller))
        : verbs.confirm(codeOf('confirm', code, args.word(1)), caller);
    },
  ),
  verb(
    {
      name: 'approve',
      usage: 'approve [code] [remark]',
      description: 'Agrees to what somebody else wants to run',
      examples: ['approve K7QD-2M', 'approve K7QD-2M as discussed'],
    },
    ({ args, caller }) => {
      const code = args.word(0);
      return code === undefined
        ? which('approve', verbs.list(caller))
        : verbs.approve(code, remarkIn(args.after(1)), caller);
    },
  ),
  verb(
    {
      name: 'deny',
      aliases: ['no'],
      usage: 'deny [code] [reason]',
      description: 'Refuses what somebody wants to run, or takes back what you wanted yourself',
      examples: ['deny K7QD-2M not before noon'],
    },
    ({ args, caller }) => {
      const code = args.word(0);
      return code === undefined ? which('deny', verbs.list(caller)) : verbs.deny(code, remarkIn(args.after(1)), caller);
    },
  ),
  {
    ...verb(
      {
        name: 'approvals',
        usage: 'approvals [code]',
        description: 'Shows what waits for your word, and what of yours waits for others',
        examples: ['approvals', 'approvals K7QD-2M'],
      },
      ({ args, caller }) => {
        const code = args.word(0);
        return code === undefined ? verbs.list(caller) : verbs.show(codeOf('approvals', code, args.word(1)), caller);
      },
    ),
    isAside: true,
    isOwnWord: false,
  },
];

/** A word without its code lets nothing run, even where only one thing waits: who says it must have seen which. */
const which = (name: string, waiting: Document): Document => ({
  kind: 'group',
  gap: 0,
  parts: [text(`${name} what? Say its code behind it.`), waiting],
});

function codeOf(name: string, code: string, more: string | undefined): string {
  if (more === undefined) return code;
  throw new CommandError('usage', `${name} takes nothing after the code\nusage: ${name} [code]`);
}

function remarkIn(typed: string): string {
  const remark = visibleName(typed);
  if (remark.length <= maxRemark) return remark;
  throw new CommandError('usage', `the words after the code are too long: at most ${maxRemark} characters`);
}
