import type { Heading } from '../invocation/heading.ts';
import type { Grant } from './approvals.ts';
import { askerOf } from './shown.ts';
import { shorten } from './visible.ts';

/** Names the line that was agreed to: it is answered long after it was typed, among other talk. */
export const headingOf = ({ code, wanted }: Grant): Heading => ({
  text: `${code}, "${shorten(wanted.shown)}", asked for by ${askerOf({ wanted })}:`,
  isKnown: false,
  told() {},
});
