import { scrubber } from '../../log/scrub.ts';

/** Takes secrets out of a text. */
export type Conceal = (text: string) => string;

const shapes = scrubber([]);
const concealShapes: Conceal = (text) => shapes.text(text);

/** For an invocation: its secret values, and what looks like a secret in itself. */
export function concealing(secrets: readonly string[]): Conceal {
  if (secrets.length === 0) return concealShapes;
  const known = scrubber(secrets);
  return (text) => known.text(text);
}

/** An error for the log, without what is nobody's business there. */
export function concealError(error: unknown, conceal: Conceal): unknown {
  if (!(error instanceof Error)) return conceal(wordsOf(error));
  const cleaned = new Error(conceal(wordsOf(error.message)));
  cleaned.name = wordsOf(error.name);
  cleaned.stack = conceal(stackOf(error));
  if (error.cause !== undefined) cleaned.cause = concealError(error.cause, conceal);
  return cleaned;
}

/** It is made when it is asked for, of a message that may not be one. */
function stackOf(error: Error): string {
  try {
    return wordsOf(error.stack);
  } catch {
    return '';
  }
}

/** Anything can be thrown: an object without a prototype has no text, and to ask it for one throws in turn. */
export function wordsOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '';
  }
}
