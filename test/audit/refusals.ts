import { expect } from 'vitest';
import type { About, Audit } from '../../src/audit/audit.ts';
import { about } from '../contract/audit.ts';

/** What the log says of a disk that is full, and of one that is no more. */
export const full = 'error: nothing can be recorded in the audit: what changes something is refused';
export const over = 'info: the audit is written again';

/** Writes starts, from the second on, until three were refused for want of room. Returns the ids of those that were written. */
export async function writeUntilRefused(
  audit: Audit,
  more: Partial<About>,
  message: unknown = expect.any(String),
): Promise<readonly number[]> {
  const wrote: number[] = [];
  const refused: number[] = [];
  for (let id = 2; refused.length < 3; id += 1) {
    await audit.write({ kind: 'started', ...about(String(id), more) }).then(
      () => wrote.push(id),
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'unavailable', message });
        refused.push(id);
      },
    );
  }
  return wrote;
}
