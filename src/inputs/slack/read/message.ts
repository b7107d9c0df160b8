import { type Fields, fieldsOf, textOf } from '../fields.ts';
import type { Incoming } from '../incoming.ts';
import { readSaid } from '../text/said.ts';
import { isDirect } from './place.ts';
import type { Keys, Seen } from './seen.ts';

export interface MessageOptions {
  /** The event's. */
  readonly id: string;
  /** The workspace whose app was asked. */
  readonly team: string;
  /** Who we are there. */
  readonly users: ReadonlySet<string>;
  /** The channel is shared with another company. */
  readonly isShared: boolean;
}

/** Reads a `message` or an `app_mention` by a person. */
export function readMessage(event: Fields, { id, team, users, isShared }: MessageOptions): Seen | undefined {
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
    ...(isShared && isHomeless(event) ? { isKnown: false } : {}),
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

/** A message with a file may tell where it was written and not of which company its sender is. */
const isHomeless = (event: Fields): boolean =>
  (event['subtype'] === 'file_share' || event['files'] !== undefined) && ownHome(event) === undefined;

const ownHome = (event: Fields): string | undefined =>
  textOf(event['user_team']) ?? textOf(event['source_team']) ?? textOf(fieldsOf(event['user_profile'])['team']);

/** The sender's own workspace, another than ours in a shared channel. Messages with files tell it less openly. */
const homeOf = (event: Fields): string | undefined => ownHome(event) ?? textOf(event['team']);

/** A message and its mention are two events, and may be authorized for two workspaces, but the sender's is the same. */
function keysOf(id: string, team: string, home: string, message: string): Keys {
  const ours = `message:${team}:${message}`;
  return home === team ? [`event:${id}`, ours] : [`event:${id}`, ours, `message:${home}:${message}`];
}
