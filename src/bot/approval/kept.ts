import type { Request } from './request.ts';

/** What is remembered from one run of the bot to the next. */
export interface Kept {
  readonly waiting: readonly Request[];
  /** Used up, and not known to have begun. */
  readonly taken: readonly Request[];
}

export const nothingKept: Kept = { waiting: [], taken: [] };

/** A line that has secrets is not written, and neither is one that will never run. */
export const withoutLine = (request: Request): Request => ({ ...request, wanted: { ...request.wanted, line: '' } });

export const forDisk = (waiting: Iterable<Request>, taken: Iterable<Request>): Kept => ({
  waiting: Array.from(waiting, (each) => (each.wanted.isMasked ? withoutLine(each) : each)),
  taken: Array.from(taken, withoutLine),
});
