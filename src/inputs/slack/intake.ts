import type { Once } from '../../async/once.ts';
import type { Log } from '../../log/log.ts';
import type { SlackApp } from './app.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { Filled } from './forms/forms.ts';
import type { FilledForm } from './read/filled.ts';
import type { Own } from './read/own.ts';
import { readDelivery } from './read/read.ts';
import type { Seen } from './read/seen.ts';
import type { Accept, Delivery } from './source.ts';
import { isWanted } from './wanted.ts';

export interface IntakeOptions {
  readonly own: Own;
  readonly once: Once;
  readonly app: SlackApp;
  /** Each thing once, however often Slack sends it. */
  readonly use: (seen: Seen) => void;
  /** What came of a form. */
  readonly filled: (form: FilledForm) => Filled;
  readonly log: Log;
}

/** Takes in what the sources receive: leaves out the talk of others and the copies, and hands on what is left through Bolt. */
export function createIntake({ own, once, app, use, filled, log }: IntakeOptions): Accept {
  const take = (delivery: Delivery): Fields | undefined => {
    const { kind, body } = delivery;
    if (body['type'] === 'app_rate_limited') {
      log.warn('Slack holds events back: more than it sends to one app came from a workspace', {
        team: body['team_id'],
        since: body['minute_rate_limited'],
      });
      return undefined;
    }
    if (kind === 'events_api' && !isWanted(body, own)) return undefined;
    let seen = readDelivery(delivery, own);
    const about = { kind, type: fieldsOf(body['event'])['type'] ?? body['type'], seen: seen?.kind };
    if (seen?.kind === 'filled') {
      const came = filled(seen.form);
      // A copy gets the same answer: nothing happened that could happen twice.
      if (came.kind === 'wrong') return came.response;
      seen = came.kind === 'said' ? { kind: 'said', keys: came.incoming.keys, incoming: came.incoming } : undefined;
    }
    if (seen !== undefined && !once.take(seen.keys)) {
      log.debug('a copy from Slack was left out', about);
      return undefined;
    }
    log.debug('from Slack', about);
    app.process(delivery, () => {
      if (seen !== undefined) use(seen);
    });
    return undefined;
  };
  return (delivery) => {
    try {
      return take(delivery);
    } catch (error) {
      log.error('a delivery from Slack could not be read', { kind: delivery.kind, error });
      return undefined;
    }
  };
}
