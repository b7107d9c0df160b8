import { type Fields, fieldsOf, listOf, textOf } from '../fields.ts';
import { readMessage } from './message.ts';
import type { Own } from './own.ts';
import { eventTeam } from './place.ts';
import type { Seen } from './seen.ts';

/** Reads what the Events API sends, of what `isWanted` lets through. */
export function readEvent(body: Fields, own: Own): Seen | undefined {
  const event = fieldsOf(body['event']);
  const id = textOf(body['event_id']);
  const team = eventTeam(body);
  if (id === undefined || team === undefined) return undefined;
  switch (event['type']) {
    case 'message':
    case 'app_mention':
      return readMessage(event, {
        id,
        team,
        users: usersOf(body, own),
        isShared: body['is_ext_shared_channel'] === true,
      });
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

/** The event itself tells who we are where it happened, also in a workspace that came to an organization after we started. */
function usersOf(body: Fields, own: Own): ReadonlySet<string> {
  const authorized = listOf(body['authorizations']).flatMap((each) => {
    const { is_bot, user_id } = fieldsOf(each);
    const id = textOf(user_id);
    return is_bot === true && id !== undefined && !own.users.has(id) ? [id] : [];
  });
  return authorized.length === 0 ? own.users : new Set([...own.users, ...authorized]);
}
