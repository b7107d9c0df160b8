import { beforeSpace, endsInEscape } from './letters.ts';
import { typedLine } from './line.ts';
import { quoteWord } from './quote.ts';
import { readWord } from './words.ts';

/** Whether what follows such a text is read as if it stood alone. */
export const isClosed = (text: string): boolean => !swallows(text) && !endsInEscape(text);

/** A command behind which more is to follow. Throws a `CommandError` (`usage`) for a quote that is never closed. */
export const beforeMore = (command: string): string =>
  beforeSpace(swallows(command) ? typedLine(command).words.map(quoteWord).join(' ') : command);

/** A quote, a bracket or a fence is never closed: it may find its end in what follows. */
function swallows(text: string): boolean {
  let at = 0;
  for (;;) {
    const word = readWord(text, at, true);
    if (word === undefined) return false;
    if (word.kind === 'unclosed' || word.isOpen) return true;
    at = word.end;
  }
}
