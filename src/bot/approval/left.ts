import { showCode } from '../../async/codes.ts';
import type { Log } from '../../log/log.ts';
import type { Door } from './door.ts';
import { type Fate, fateOf, type Records } from './fate.ts';
import type { Ledger, LeftOver } from './ledger.ts';
import type { Notices } from './notices.ts';
import { named } from './settle.ts';

export interface LeftDeps {
  readonly ledger: Ledger;
  readonly door: Door;
  readonly notices: Notices;
  readonly audit: Records;
  readonly log: Log;
}

/** Tells people what became of what an earlier run of the bot left behind. Never rejects. */
export async function reportLeft({ ledger, door, notices, audit, log }: LeftDeps): Promise<void> {
  for (const { request, why } of ledger.left) {
    const { code, wanted } = request;
    const report = why === 'masked' ? masked : await lastOf(request, audit, log);
    door.end(code, report.how);
    if (report.lost !== undefined) {
      await notices.noteOf('approval lost', wanted.person, request, { why: report.lost });
    }
    notices.tell(request, `${named(request)} ${report.sentence}`);
    await ledger.forget(code).catch((error: unknown) => log.warn('a lost approval stays in the state', { error }));
  }
}

interface Report {
  /** Behind the line, for those who asked for it. */
  readonly sentence: string;
  /** Behind the code, for whoever comes late. */
  readonly how: string;
  /** For the audit, which does not have its end. */
  readonly lost?: string;
}

const masked: Report = {
  sentence: 'waits no longer: its line has secrets, which were not kept when the bot went down. Ask again.',
  how: 'was lost when the bot went down',
  lost: 'its line was not kept',
};

async function lastOf(request: LeftOver['request'], audit: Records, log: Log): Promise<Report> {
  const fate = await fateOf(request, audit).catch((error: unknown): Fate => {
    log.warn('the audit cannot tell what became of an approval', { code: showCode(request.code), error });
    return { kind: 'unknown' };
  });
  switch (fate.kind) {
    case 'ended': {
      const error = fate.error === undefined ? '' : `: ${fate.error}`;
      const end = `${fate.outcome}${error}`;
      return {
        sentence: `was approved, ran and ended before the bot went down: ${end}. What it answered may be lost; it is not run again.`,
        how: `was approved and ran: ${end}`,
      };
    }
    case 'never began':
      return {
        sentence: 'was approved, and had not begun when the bot went down. It is not run: ask again.',
        how: 'was used up, and never began',
        lost: 'it had not begun when the bot went down',
      };
    case 'unknown':
      return {
        sentence:
          'was approved, and the bot went down before it was done: nobody knows what became of it. It is not run again.',
        how: 'was used up',
        lost: 'unknown: the bot went down before it was done',
      };
    default:
      return fate satisfies never;
  }
}
