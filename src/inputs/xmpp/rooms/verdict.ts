import type { Gone, Refused } from './presence.ts';

/** What follows when a room does not have us (any more). `why` is for the operator. */
export type Verdict =
  | { readonly kind: 'again'; readonly pace: 'soon' | 'slow'; readonly why: string }
  /** The nick is somebody else's. */
  | { readonly kind: 'nick'; readonly why: string }
  /** Not again unless somebody asks for it. */
  | { readonly kind: 'barred'; readonly why: string }
  /** The room is elsewhere now. */
  | { readonly kind: 'moved'; readonly venue: string; readonly why: string };

const soon = (why: string): Verdict => ({ kind: 'again', pace: 'soon', why });
const slow = (why: string): Verdict => ({ kind: 'again', pace: 'slow', why });
const barred = (why: string): Verdict => ({ kind: 'barred', why });

/** After we were put out. What somebody decided stands; what just happened does not. */
export function verdictOnLeaving({ codes, destroyed }: Gone): Verdict {
  if (destroyed !== undefined) {
    if (destroyed.venue !== '')
      return { kind: 'moved', venue: destroyed.venue, why: 'the room was destroyed and has another venue' };
    return barred('the room was destroyed');
  }
  if (codes.has('301')) return barred('we were banned from the room');
  // Servers that put out whom they can't reach say so beside or instead of the kick.
  if (codes.has('333')) return soon('the room lost us for a technical reason');
  if (codes.has('332')) return soon('the service of the room was shut down');
  if (codes.has('307')) return barred('we were kicked out of the room');
  if (codes.has('321')) return barred('we may not be in the room any more');
  if (codes.has('322')) return barred('the room is for its members only now, and we are none');
  return soon('we are not in the room any more');
}

/** After we were not let in. */
export function verdictOnJoining({ condition, venue }: Pick<Refused, 'condition' | 'venue'>): Verdict {
  switch (condition) {
    case 'conflict':
      return { kind: 'nick', why: 'the nick is somebody else’s' };
    case 'forbidden':
      return barred('we are banned from the room, or the server does not admit us to it');
    case 'gone':
      return venue === '' ? barred('the room is no more') : { kind: 'moved', venue, why: 'the room has another venue' };
    case 'not-authorized':
      return slow(
        'the room wants a password that we do not have: it is given after a question mark, as in room?password',
      );
    case 'registration-required':
      return slow('the room is for its members only: one of its owners has to make us a member');
    case 'not-allowed':
      return slow('the room does not exist and we may not create it');
    case 'not-acceptable':
      return slow('the room wants us to have the nick that is registered for us');
    case 'jid-malformed':
      return slow('the server does not take the address of the room, or our nick');
    case 'item-not-found':
      return soon('the room is locked, or does not exist');
    case 'service-unavailable':
      return soon('the room is full, or there is no such service');
    case 'remote-server-not-found':
    case 'remote-server-timeout':
      return soon('the server of the room can not be reached');
    case 'policy-violation':
    case 'resource-constraint':
      return soon('the server has too much to do to let us in');
    default:
      return soon('the room did not let us in');
  }
}
