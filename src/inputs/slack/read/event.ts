import { type Fields, fieldsOf, textOf } from '../fields.ts';
import { readMessage } from './message.ts';
import type { Own } from './own.ts';
import { eventTeam } from './place.ts';
import type { Seen } from './seen.ts';

/** Reads what the Events API sends. */
export function readEvent(body: Fields, own: Own): Seen | undefined {
  const event = fieldsOf(body['event']);
  const id = textOf(body['event_id']);
  const team = eventTeam(body);
  if (id === undefined || team === undefined) return undefined;
  switch (event['type']) {
    case 'message':
    case 'app_mention':
      return readMessage(event, { id, team, own });
    case 'app_home_opened': {
      const user = textOf(event['user']);
      // The other tab is our conversation with them.
      if (user === undefined || event['tab'] === 'messages') return undefined;
      return { kind: 'home', keys: [`event:${id}`], team, user };
    }
    default:
      return undefined;
  }
}
