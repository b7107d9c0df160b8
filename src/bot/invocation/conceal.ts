import { scrubber } from '../../log/scrub.ts';

/** Takes secrets out of a text. */
export type Conceal = (text: string) => string;

/** What no secret looks like. Most lines are done with one look. */
const suspicious = /xox|xapp|gh[pousr]_|bearer|basic|:\/\/|begin|pass|pwd|secret|token|authorization|key/i;
const shapes = scrubber([]);

/** For an invocation: its secret values, and what looks like a secret in itself. */
export function concealing(secrets: readonly string[]): Conceal {
  if (secrets.length === 0) return (text) => (suspicious.test(text) ? shapes.text(text) : text);
  const known = scrubber(secrets);
  return (text) => known.text(text);
}

/** An error for the log, without what is nobody's business there. */
export function concealError(error: unknown, conceal: Conceal): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? conceal(error) : '[no error]';
  const cleaned = new Error(conceal(error.message));
  cleaned.name = error.name;
  if (error.stack !== undefined) cleaned.stack = conceal(error.stack);
  if (error.cause !== undefined) cleaned.cause = concealError(error.cause, conceal);
  return cleaned;
}
