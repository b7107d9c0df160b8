import { runMessageShortcut, runShortcut } from '../controls.ts';
import { type Fields, fieldsOf, textOf } from '../fields.ts';
import { readSaid } from '../text/said.ts';
import type { Actor } from './actor.ts';
import type { Own } from './own.ts';
import type { Seen } from './seen.ts';

/** Reads a shortcut from Slack's own menus: it knows no channel, and asks for a form. */
export function readShortcut(body: Fields, actor: Actor): Seen | undefined {
  return body['callback_id'] === runShortcut ? form('', actor) : undefined;
}

/**
 * Reads a shortcut from a message's menu. What is written there comes into a form first: it may be another person's, and look like less
 * than it is.
 */
export function readMessageShortcut(body: Fields, actor: Actor, own: Own): Seen | undefined {
  const channel = textOf(fieldsOf(body['channel'])['id']);
  if (body['callback_id'] !== runMessageShortcut || channel === undefined) return undefined;
  return form(readSaid(fieldsOf(body['message']), own.users).text, actor);
}

const form = (line: string, { team, user, trigger }: Actor): Seen => ({
  kind: 'form',
  keys: [`action:${trigger}`],
  team,
  user,
  trigger,
  line,
});
