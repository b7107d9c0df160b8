import { CommandError } from '../commands/command.ts';
import { withoutFirstMarks } from './code.ts';
import { trimSpaces } from './letters.ts';
import { isPlan } from './quote.ts';
import { columnAt, readWord } from './words.ts';

/** Where an answer goes instead of where it was asked for. */
export type Redirect = { readonly kind: 'me' } | { readonly kind: 'room'; readonly room: string };

/** A line of one or more commands, each given what the one before it answers. */
export interface Pipeline {
  /** Each as it was typed. */
  readonly stages: readonly string[];
  readonly to: Redirect | undefined;
  /** It is to be explained, not run. */
  readonly isPlan: boolean;
}

const mayPlan = /plan/i;
/** Who marks the line behind `--plan` as code may have marked that, too. */
const mostMarked = 3;
/** Each is looked up, asked about and decided on: more than anybody types would keep all others waiting. */
const mostStages = 50;

/**
 * Splits a line at its operators: `|` and `>`, each a word of its own, outside quotes, brackets and code. `> me`, `> #room` or
 * `> room@host` ends the line. `--plan` counts as the first word of the line and as the last of a command, unless `--` stands before it. Throws a
 * `CommandError` (`usage`) that names the column.
 */
export function readPipeline(said: string): Pipeline {
  // Every message passes here, and few have any of it.
  if (!said.includes('|') && !said.includes('>') && !mayPlan.test(said)) {
    return { stages: [said], to: undefined, isPlan: false };
  }
  return split(withoutFirstMarks(said));
}

/** The command that is being read. */
interface Stage {
  readonly start: number;
  /** Where its last word begins, when that is `--plan`. */
  readonly planAt: number | undefined;
  /** `--` was among its words. */
  readonly isLiteral: boolean;
}

function split(said: string, depth = 0): Pipeline {
  const stages: string[] = [];
  let isPlan = false;
  let stage: Stage = { start: 0, planAt: undefined, isLiteral: false };
  let operator: { readonly sign: string; readonly at: number } | undefined;
  let seeksEnds = true;
  let isFirst = true;
  let from = 0;

  const close = (end: number, next: string | undefined): void => {
    const typed = trimSpaces(said.slice(stage.start, stage.planAt ?? end));
    if (typed === '') throw empty(said, operator, next === undefined ? undefined : { sign: next, at: end });
    if (stage.planAt !== undefined) isPlan = true;
    stages.push(typed);
    if (stages.length > mostStages) {
      throw new CommandError('usage', `too many commands in one line: at most ${mostStages}. ${plainly('|')}`);
    }
  };

  for (;;) {
    const word = readWord(said, from, seeksEnds);
    if (word === undefined || word.kind === 'unclosed') break;
    const { start, end } = word;
    const sign = end - start === 1 ? said.charAt(start) : '';
    from = end;
    if (sign === '|' || sign === '>') {
      close(start, sign);
      operator = { sign, at: start };
      stage = { start: end, planAt: undefined, isLiteral: false };
      if (sign === '>') {
        const { to, isPlanned } = redirect(said, operator);
        return { stages, to, isPlan: isPlan || isPlanned };
      }
    } else if (isFirst && isPlanWord(said, start, end)) {
      const rest = said.slice(end);
      const bare = withoutFirstMarks(rest);
      if (bare !== rest && depth < mostMarked) return { ...split(bare, depth + 1), isPlan: true };
      isPlan = true;
      stage = { ...stage, start: end };
    } else {
      const isLiteral = stage.isLiteral || said.slice(start, end) === '--';
      stage = { ...stage, isLiteral, planAt: !isLiteral && isPlanWord(said, start, end) ? start : undefined };
    }
    isFirst = false;
    if (word.isOpen) {
      seeksEnds = false;
      // What begins like JSON or a fenced block goes as far as there is text.
      if (/^(?:[{[]|```)/.test(said.slice(start, start + 3))) break;
    }
  }
  close(said.length, undefined);
  return { stages, to: undefined, isPlan };
}

/** Reads what stands behind `>`. */
function redirect(
  said: string,
  { at }: { readonly at: number },
): { readonly to: Redirect; readonly isPlanned: boolean } {
  const wrong = (): CommandError =>
    new CommandError(
      'usage',
      `behind the > at column ${columnAt(said, at)} stands where the answer goes: > me, > #room or > room@host, and nothing more. ${plainly('>')}`,
    );
  const place = readWord(said, at + 1, false);
  if (place?.kind !== 'word') throw wrong();
  const more = readWord(said, place.end, false);
  const isPlanned = more?.kind === 'word' && isPlanWord(said, more.start, more.end);
  const isLast = more === undefined || (isPlanned && trimSpaces(said.slice(more.end)) === '');
  if (!isLast) throw wrong();
  if (place.value.toLowerCase() === 'me') return { to: { kind: 'me' }, isPlanned };
  if (/^#./su.test(place.value) || /^[^@]+@[^@]+$/.test(place.value)) {
    return { to: { kind: 'room', room: place.value }, isPlanned };
  }
  throw wrong();
}

/**
 * A telephone makes one long dash of two, and people mark as code what they copied or want to be exact. Quotes alone make a word of it: whoever wanted
 * a plan must not have run anything.
 */
const isPlanWord = (said: string, start: number, end: number): boolean =>
  isPlan(withoutFirstMarks(said.slice(start, end)));

interface Operator {
  readonly sign: string;
  readonly at: number;
}

function empty(said: string, before: Operator | undefined, after: Operator | undefined): CommandError {
  const [wrong, side] = after === undefined ? [before, 'behind'] : [after, 'before'];
  if (wrong === undefined) return new CommandError('usage', '--plan explains the command that stands behind it');
  const column = columnAt(said, wrong.at);
  return new CommandError(
    'usage',
    `no command stands ${side} the ${wrong.sign} at column ${column}. ${plainly(wrong.sign)}`,
  );
}

const plainly = (sign: string): string => `Write "${sign}", with the quotes, to mean the character`;
