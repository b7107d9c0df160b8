import type { Place, Speech } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';
import { stopped } from './answers.ts';
import type { Apart } from './apart.ts';
import { messageOf, type Reach, type Unasked } from './reach.ts';
import type { Router } from './router.ts';
import type { DueOutcome } from './schedule/schedules.ts';

export interface UnaskedDeps {
  readonly router: Pick<Router, 'answer'>;
  readonly reach: Reach;
  readonly apart: Apart;
  readonly isLeaving: () => boolean;
  readonly log: Log;
}

/** Runs what nobody typed just now, in the name of its person. Rejects when what was agreed to cannot be begun any more. */
export function runningUnasked(deps: UnaskedDeps): (unasked: Unasked) => Promise<DueOutcome> {
  const { router, reach, apart, isLeaving, log } = deps;

  const open = (input: string, place: Place): Speech | undefined => {
    try {
      return reach(input, place);
    } catch (error) {
      log.warn('what nobody asked for just now runs without being told', { input, error });
      return undefined;
    }
  };

  return async (unasked) => {
    const { identity, place, line, cause, grant, show } = unasked;
    if (isLeaving() && grant === undefined) return 'cancelled';
    if (isLeaving()) throw new Error(stopped);
    const speech = show === undefined ? open(identity.input, place) : undefined;
    const message = messageOf(
      unasked,
      async (document, kind) => {
        if (show === undefined) await speech?.say(document, kind);
        else if (kind !== 'progress') await show(document, kind === 'error' ? 'error' : 'answer');
      },
      () => speech?.end(),
    );
    return apart.run(message, (done) => router.answer(identity.input, message, line, done, cause, grant));
  };
}
