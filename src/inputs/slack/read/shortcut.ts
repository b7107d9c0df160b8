import { runMessageShortcut, runShortcut } from '../controls.ts';
import { type Fields, fieldsOf, textOf } from '../fields.ts';
import type { Incoming } from '../incoming.ts';
import { readSaid } from '../text/said.ts';
import type { Actor } from './actor.ts';
import type { Own } from './own.ts';
import { isDirect } from './place.ts';
import type { Seen } from './seen.ts';

/** Reads a shortcut from Slack's own menus: it knows no channel, and asks for a form. */
export function readShortcut(body: Fields, { team, user, trigger }: Actor): Seen | undefined {
  if (body['callback_id'] !== runShortcut) return undefined;
  return { kind: 'form', keys: [`action:${trigger}`], team, user, trigger };
}

/** Reads a shortcut from a message's menu: the person who chose it runs what is written there, and is answered in its thread. */
export function readMessageShortcut(body: Fields, actor: Actor, own: Own): Seen | undefined {
  const message = fieldsOf(body['message']);
  const channel = textOf(fieldsOf(body['channel'])['id']);
  const { text } = readSaid(message, own.users);
  if (body['callback_id'] !== runMessageShortcut || channel === undefined) return undefined;
  const incoming: Incoming = {
    keys: [`action:${actor.trigger}`],
    team: actor.team,
    channel,
    sender: actor.sender,
    user: actor.user,
    text,
    direct: isDirect(channel),
    addressed: true,
    thread: textOf(message['thread_ts']) ?? textOf(message['ts']) ?? textOf(body['message_ts']),
    ts: undefined,
    responseUrl: textOf(body['response_url']),
  };
  return { kind: 'said', keys: incoming.keys, incoming };
}
