import { type Document, text } from '../../../document/document.ts';
import { wholeText } from './write.ts';

/** What a command has reported, as far as it is part of one message: the latest of it, and how much was before. */
export interface Trail {
  add(document: Document): void;
  /** There is something that nobody has seen. */
  readonly hasNews: boolean;
  /** All of it as one document, with what comes last where that is not in it already. Undefined when that is nothing. */
  with(last?: Document): Document | undefined;
  readonly last: Document | undefined;
  /** All of it was shown. */
  seen(): void;
  /** Another message begins: what was shown is no part of it. */
  turn(): void;
}

/** More of it would make nobody wiser, and its message long. */
const most = 30;
const mostCharacters = 2_500;

interface Step {
  readonly document: Document;
  /** What is shown of it. */
  readonly shown: Document;
  readonly characters: number;
}

export function createTrail(): Trail {
  const steps: Step[] = [];
  /** How many of them were shown. */
  let seen = 0;
  let characters = 0;
  let earlier = 0;
  /** What the message before ended with. */
  let before: Document | undefined;

  const isTooMuch = (): boolean => steps.length > most || (steps.length > 1 && characters > mostCharacters);

  const drop = (): void => {
    characters -= steps.shift()?.characters ?? 0;
    seen = Math.max(seen - 1, 0);
    earlier += 1;
  };

  return {
    add(document) {
      const step = stepOf(document);
      steps.push(step);
      characters += step.characters;
      while (isTooMuch()) drop();
    },
    get hasNews() {
      return seen < steps.length;
    },
    get last() {
      return steps.at(-1)?.document ?? before;
    },
    with(last) {
      const isIn = last !== undefined && last === (steps.at(-1)?.document ?? before);
      // In the end it is shown in full.
      const kept = isIn ? steps.slice(0, -1) : steps;
      const ending = last === undefined || (isIn && steps.length === 0) ? [] : [last];
      const note =
        earlier === 0 ? [] : [text(`(${earlier} earlier ${earlier === 1 ? 'one is' : 'ones are'} not shown)`)];
      const [only, ...others] = [...note, ...kept.map(({ shown }) => shown), ...ending];
      if (only === undefined || others.length === 0) return only;
      return { kind: 'group', parts: [only, ...others], gap: 0 };
    },
    seen() {
      seen = steps.length;
    },
    turn() {
      before = steps.at(-1)?.document ?? before;
      characters -= steps.splice(0, seen).reduce((sum, step) => sum + step.characters, 0);
      seen = 0;
      earlier = 0;
    },
  };
}

function stepOf(document: Document): Step {
  const written = wholeText(document);
  if (written.length <= mostCharacters) return { document, shown: document, characters: written.length };
  const cut = written.slice(0, mostCharacters).replace(/[\uD800-\uDBFF]$/, '');
  return { document, shown: { kind: 'code', text: `${cut}…` }, characters: mostCharacters };
}
