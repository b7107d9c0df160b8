import { type Document, text } from '../../../document/document.ts';
import { renderTerminal } from '../../../document/terminal.ts';

/** What a command has reported so far: the latest of it, and how much was before. */
export interface Trail {
  add(document: Document): void;
  readonly last: Document | undefined;
  /** All of it as one document, with what comes last where that is not in it already. */
  with(last?: Document): Document;
}

/** More of it would make nobody wiser, and its message long. */
const most = 30;
const mostCharacters = 6_000;

interface Step {
  readonly document: Document;
  /** What is shown of it. */
  readonly shown: Document;
  readonly characters: number;
}

export function createTrail(): Trail {
  const steps: Step[] = [];
  let characters = 0;
  let earlier = 0;
  return {
    add(document) {
      const step = stepOf(document);
      steps.push(step);
      characters += step.characters;
      while (steps.length > most || (steps.length > 1 && characters > mostCharacters)) {
        characters -= steps.shift()?.characters ?? 0;
        earlier += 1;
      }
    },
    get last() {
      return steps.at(-1)?.document;
    },
    with(last) {
      const kept = last !== undefined && last === steps.at(-1)?.document ? steps.slice(0, -1) : steps;
      const note =
        earlier === 0 ? [] : [text(`(${earlier} earlier ${earlier === 1 ? 'one is' : 'ones are'} not shown)`)];
      const parts = joined([...note, ...kept.map(({ shown }) => shown), ...(last === undefined ? [] : [last])]);
      const [only, ...others] = parts;
      return only !== undefined && others.length === 0 ? only : { kind: 'group', parts, gap: 0 };
    },
  };
}

function stepOf(document: Document): Step {
  const written = renderTerminal(document);
  if (written.length <= mostCharacters) return { document, shown: document, characters: written.length };
  const cut = written.slice(0, mostCharacters).replace(/[\uD800-\uDBFF]$/, '');
  return { document, shown: { kind: 'code', text: `${cut}…` }, characters: mostCharacters };
}

/** Texts that follow each other are one: each on its own would take more room. */
function joined(documents: readonly Document[]): readonly Document[] {
  const parts: Document[] = [];
  for (const document of documents) {
    const before = parts.at(-1);
    if (document.kind === 'text' && before?.kind === 'text')
      parts.splice(-1, 1, text(`${before.text}\n${document.text}`));
    else parts.push(document);
  }
  return parts;
}
