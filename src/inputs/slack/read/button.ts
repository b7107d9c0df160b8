import { runAction, stopAction } from '../controls.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../fields.ts';
import type { Incoming } from '../incoming.ts';
import type { Actor } from './actor.ts';
import { isDirect } from './place.ts';
import type { Seen } from './seen.ts';

/** Reads the press of a button that is ours. One in the app's home is answered in our conversation with the person. */
export function readButton(body: Fields, { team, user, sender, trigger }: Actor): Seen | undefined {
  const [first] = listOf(body['actions']);
  const action = fieldsOf(first);
  const id = textOf(action['action_id']);
  const value = textOf(action['value']);
  if (id === undefined || value === undefined) return undefined;
  const key = `action:${trigger}`;
  if (id === stopAction) return { kind: 'stop', keys: [key], what: value, user };
  if (!id.startsWith(runAction)) return undefined;
  const container = fieldsOf(body['container']);
  const channel = textOf(fieldsOf(body['channel'])['id']) ?? textOf(container['channel_id']);
  const incoming: Incoming = {
    keys: [key],
    team,
    channel: channel ?? user,
    sender,
    user,
    text: value,
    direct: channel === undefined || isDirect(channel),
    addressed: true,
    thread: textOf(fieldsOf(body['message'])['thread_ts']) ?? textOf(container['thread_ts']),
    ts: undefined,
    responseUrl: textOf(body['response_url']),
    trigger,
  };
  return { kind: 'said', keys: incoming.keys, incoming };
}
