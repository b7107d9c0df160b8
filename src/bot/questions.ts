import { type CommandError, type Missing } from '../commands/command.ts';
import { type Document, text } from '../document/document.ts';
import type { Message } from '../inputs/input.ts';
import { withParameter } from './parameter.ts';

/** Asks people for what they left out, and takes their next message for the answer. */
export interface Questions {
  /** Whether any question stands. */
  readonly isOpen: boolean;
  /** The question, or undefined where it cannot be asked. */
  ask(input: string, message: Message, line: string, error: CommandError, missing: Missing): Document | undefined;
  /** Whether that is one of the answers that were offered. */
  offers(input: string, message: Message, said: string): boolean;
  /** Whether this message stands where a question does. */
  isAsked(input: string, message: Message): boolean;
  /** Ends the question when that is what was said: whether there was one. */
  takeBack(input: string, message: Message, said: string): boolean;
  /** What was said, taken for the answer; undefined when there was no question. */
  answer(input: string, message: Message, said: string): Answered | undefined;
}

export type Answered =
  | { readonly kind: 'complete'; readonly line: string }
  /** It can be no answer: the question still stands, and is said again. */
  | { readonly kind: 'wrong'; readonly question: Document };

interface Question {
  readonly line: string;
  readonly missing: Missing;
  readonly isSecretive: boolean;
  /** How often it can be said again. */
  readonly again: number;
  /** Milliseconds of the monotonic clock. */
  readonly until: number;
}

const patienceMs = 120_000;
/** After that, who talks about something else is left alone: the line is run as it is, and says what is wrong with it. */
const mostAgain = 2;
/** The oldest are forgotten. */
const most = 1_000;
const takenBack = /^(?:stop|cancel|never ?mind)$/i;

export function createQuestions(): Questions {
  const open = new Map<string, Question>();
  const find = (key: string): Question | undefined => {
    const question = open.get(key);
    if (question === undefined || performance.now() <= question.until) return question;
    open.delete(key);
    return undefined;
  };
  const put = (key: string, sentence: string, question: Omit<Question, 'until'>): Document => {
    open.delete(key);
    open.set(key, { ...question, until: performance.now() + patienceMs });
    const [oldest] = open.keys();
    if (open.size > most && oldest !== undefined) open.delete(oldest);
    return documentOf(sentence, question);
  };
  return {
    get isOpen() {
      return open.size > 0;
    },
    ask(input, message, line, error, missing) {
      // Everybody would read it. Who says it all the same does not answer an earlier question.
      if (missing.isSecret && !message.direct) {
        open.delete(keyOf(input, message));
        return text(`${error.message}\n${missing.name} is a secret: run this in a direct conversation.`);
      }
      return put(keyOf(input, message), error.message, {
        line,
        missing,
        isSecretive: error.secrets.length > 0,
        again: mostAgain,
      });
    },
    offers: (input, message, said) => find(keyOf(input, message))?.missing.choices?.includes(said) === true,
    isAsked: (input, message) => find(keyOf(input, message)) !== undefined,
    takeBack(input, message, said) {
      const key = keyOf(input, message);
      const question = find(key);
      if (question === undefined || !(takenBack.test(said) || isNo(said, question.missing))) return false;
      return open.delete(key);
    },
    answer(input, message, said) {
      const key = keyOf(input, message);
      const question = find(key);
      if (question === undefined || said === '') return undefined;
      open.delete(key);
      const { line, missing, again } = question;
      const complaint = again > 0 ? missing.complaint?.(said) : undefined;
      if (complaint !== undefined) {
        return { kind: 'wrong', question: put(key, complaint, { ...question, again: again - 1 }) };
      }
      return { kind: 'complete', line: withParameter(line, missing.name, said) };
    },
  };
}

function documentOf(sentence: string, { line, missing, isSecretive }: Omit<Question, 'until'>): Document {
  const { name, expected, description } = missing;
  // A button carries the line, for whoever sees it.
  const choices = isSecretive ? [] : (missing.choices ?? []);
  const about = description === '' ? expected : `${description}; ${expected}`;
  const asking = text(`${name}? (${about}; "cancel" to leave it)`);
  const actions = choices.map((choice) => ({ label: choice, line: withParameter(line, name, choice) }));
  return {
    kind: 'group',
    gap: 0,
    parts: [text(sentence), asking, ...(actions.length === 0 ? [] : [{ kind: 'actions', actions } as const])],
  };
}

/** Where it can be an answer it is one. */
const isNo = (said: string, { choices = [] }: Missing): boolean =>
  /^no$/i.test(said) && !choices.includes('no') && !choices.includes('false');

const keyOf = (input: string, { room, sender }: Message): string =>
  JSON.stringify([input, room.id, room.thread ?? '', sender.id]);
