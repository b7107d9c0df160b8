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
  /** Whether this message stands where a question does. */
  isAsked(input: string, message: Message): boolean;
  /** Ends the question when that is what was said: whether there was one. */
  takeBack(input: string, message: Message, said: string): boolean;
  /** The line that is complete with what was said, when there was a question. */
  answer(input: string, message: Message, said: string): string | undefined;
}

interface Question {
  readonly line: string;
  readonly missing: Missing;
  /** Milliseconds of the monotonic clock. */
  readonly until: number;
}

const patienceMs = 120_000;
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
  return {
    get isOpen() {
      return open.size > 0;
    },
    ask(input, message, line, error, missing) {
      // Everybody would read it.
      if (missing.isSecret && !message.direct) {
        return text(`${error.message}\n${missing.name} is a secret: run this in a direct conversation.`);
      }
      const key = keyOf(input, message);
      open.delete(key);
      open.set(key, { line, missing, until: performance.now() + patienceMs });
      const [oldest] = open.keys();
      if (open.size > most && oldest !== undefined) open.delete(oldest);
      const { name, expected, description } = missing;
      // A button carries the line, for whoever sees it.
      const choices = error.secrets.length === 0 ? (missing.choices ?? []) : [];
      const about = description === '' ? expected : `${description}; ${expected}`;
      return {
        kind: 'group',
        gap: 0,
        parts: [
          text(error.message),
          text(`${name}? (${about}; "cancel" to leave it)`),
          ...(choices.length === 0
            ? []
            : [
                {
                  kind: 'actions',
                  actions: choices.map((choice) => ({ label: choice, line: withParameter(line, name, choice) })),
                } as const,
              ]),
        ],
      };
    },
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
      return withParameter(question.line, question.missing.name, said);
    },
  };
}

/** Where it can be an answer it is one. */
const isNo = (said: string, { choices = [] }: Missing): boolean =>
  /^no$/i.test(said) && !choices.includes('no') && !choices.includes('false');

const keyOf = (input: string, { room, sender }: Message): string =>
  JSON.stringify([input, room.id, room.thread ?? '', sender.id]);
