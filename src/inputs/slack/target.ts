import { InputError, type Place } from '../input.ts';

/** A place in Slack as it was named; the workspace may be left out where there is only one. */
export type Target =
  | { readonly kind: 'channel'; readonly team: string | undefined; readonly channel: string }
  | { readonly kind: 'name'; readonly team: string | undefined; readonly name: string }
  | { readonly kind: 'person'; readonly team: string | undefined; readonly user: string };

const parts = /^(?:([TE][A-Z0-9]+)\/)?(.+)$/s;
const conversation = /^[CGD][A-Z0-9]+$/;
const person = /^[UW][A-Z0-9]+$/;
/** Slack's names have letters of any language, but no capitals. */
const name = /^[^\s\p{Cc}\p{Cf}<>&@#/:|,.]{1,80}$/u;

/**
 * Reads `team/channel` and `team/user` as messages have them, and names: `#ops`, `ops`, `team/#ops`. Throws an `InputError` (`config`) for
 * anything else.
 */
export function readTarget(place: Place): Target {
  const text = place.kind === 'room' ? place.room : place.person;
  const [, team, rest = ''] = parts.exec(text) ?? [];
  if (person.test(rest)) return { kind: 'person', team, user: rest };
  if (place.kind === 'person') throw new InputError('config', `not a person in Slack, whose id is T…/U…: ${text}`);
  if (conversation.test(rest)) return { kind: 'channel', team, channel: rest };
  const called = rest.replace(/^#/, '').toLowerCase();
  if (name.test(called)) return { kind: 'name', team, name: called };
  throw new InputError('config', `not a channel in Slack, written #name or by its id T…/C…: ${text}`);
}
