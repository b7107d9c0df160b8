import { type Fields, fieldsOf, textOf } from '../fields.ts';
import type { Incoming } from '../incoming.ts';
import { readSaid } from '../text/said.ts';
import { isDirect } from './place.ts';
import type { Keys, Seen } from './seen.ts';

/**
 * Reads a `message` or an `app_mention` by a person. `id` is the event's, `team` the workspace whose app was asked, `users` are ours
 * there.
 */
export function readMessage(
  event: Fields,
  { id, team, users }: { readonly id: string; readonly team: string; readonly users: ReadonlySet<string> },
): Seen | undefined {
  const channel = textOf(event['channel']);
  const user = textOf(event['user']);
  const ts = textOf(event['ts']);
  if (channel === undefined || user === undefined || ts === undefined) return undefined;
  const home = homeOf(event) ?? team;
  const thread = textOf(event['thread_ts']);
  const said = readSaid(event, users);
  const incoming: Incoming = {
    keys: keysOf(id, team, home, `${channel}:${ts}`),
    team,
    channel,
    sender: `${home}/${user}`,
    user,
    text: said.text,
    direct: event['channel_type'] === 'im' || isDirect(channel),
    addressed: said.addressed,
    thread: thread === ts ? undefined : thread,
    ts,
    responseUrl: undefined,
  };
  return { kind: 'said', keys: incoming.keys, incoming };
}

/** The sender's own workspace, another than ours in a shared channel. Messages with files tell it less openly. */
const homeOf = (event: Fields): string | undefined =>
  textOf(event['user_team']) ??
  textOf(event['source_team']) ??
  textOf(fieldsOf(event['user_profile'])['team']) ??
  textOf(event['team']);

/** A message and its mention are two events, and may be authorized for two workspaces, but the sender's is the same. */
function keysOf(id: string, team: string, home: string, message: string): Keys {
  const ours = `message:${team}:${message}`;
  return home === team ? [`event:${id}`, ours] : [`event:${id}`, ours, `message:${home}:${message}`];
}
