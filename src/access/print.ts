import { createHash } from 'node:crypto';
import { readCode } from '../async/codes.ts';

/** Letters of the code of a link. */
export const codeLength = 8;

/** What is kept of a code: whoever reads the state does not have it. Undefined for what can be none. */
export function printOf(typed: string): string | undefined {
  const code = readCode(typed, codeLength);
  return code === undefined ? undefined : createHash('sha256').update(`link ${code}`).digest('hex');
}
