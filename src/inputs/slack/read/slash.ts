import { type Fields, textOf } from '../fields.ts';
import type { Incoming } from '../incoming.ts';
import { plainText } from '../text/plain-text.ts';
import type { Own } from './own.ts';
import { slashTeam } from './place.ts';
import type { Seen } from './seen.ts';

/** Reads a slash command: our own, `/micro help`, says `help`; a service's is said with its name. */
export function readSlash(body: Fields, own: Own): Seen | undefined {
  const command = textOf(body['command']);
  const team = slashTeam(body);
  const channel = textOf(body['channel_id']);
  const user = textOf(body['user_id']);
  const trigger = textOf(body['trigger_id']);
  if (command === undefined || team === undefined || channel === undefined) return undefined;
  if (user === undefined || trigger === undefined || !command.startsWith('/')) return undefined;
  const args = plainText(textOf(body['text']) ?? '').trim();
  const incoming: Incoming = {
    keys: [`slash:${trigger}`],
    team,
    channel,
    sender: `${textOf(body['team_id']) ?? team}/${user}`,
    user,
    text: command.toLowerCase() === `/${own.name.toLowerCase()}` ? args : `${command} ${args}`.trim(),
    // It can be typed in a conversation of two people, too.
    direct: false,
    addressed: true,
    thread: undefined,
    ts: undefined,
    responseUrl: textOf(body['response_url']),
    trigger,
  };
  return { kind: 'said', keys: incoming.keys, incoming };
}
