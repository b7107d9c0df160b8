import { type Caller, type Command, CommandError } from '../commands/command.ts';
import type { Document } from '../document/document.ts';

/** What people can do about elevations. Each throws a `CommandError`. */
export interface GlassVerbs {
  readonly begin: (reason: string, caller: Caller) => Promise<Document>;
  readonly end: (caller: Caller) => Promise<Document>;
  readonly show: () => Document;
}

const usage = 'break-glass [reason | off]';
const least = 10;
const leastLetters = 5;
const most = 500;

export const breakGlassCommand = ({ begin, end, show }: GlassVerbs): Command => ({
  name: 'break-glass',
  aliases: ['break glass'],
  usage,
  description: 'Takes emergency roles for a while, with a reason that everybody is told; shows who has them',
  examples: ['break-glass the database is down and nobody of ops answers', 'break-glass off', 'break-glass'],
  source: { kind: 'builtin' },
  // Who may is looked up when they do it.
  effect: 'read',
  isOwnWord: true,
  run: async ({ args, caller }) => {
    const typed = args.after(0);
    if (typed === '') return show();
    return typed.toLowerCase() === 'off' ? end(caller) : begin(reasonIn(typed), caller);
  },
});

/** On one line, without quotes around it. */
function reasonIn(typed: string): string {
  const reason = typed
    .replace(/^(["'])(.*)\1$/s, '$2')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const length = Array.from(reason).length;
  const letters = reason.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  if (length < least || letters < leastLetters) {
    throw new CommandError(
      'usage',
      `say why, in ${least} characters at least: everybody will read it\nusage: ${usage}`,
    );
  }
  if (length > most) throw new CommandError('usage', `say why in ${most} characters at most\nusage: ${usage}`);
  return reason;
}
