import type { Element } from '@xmpp/xml';
import type { Invitation } from '../xmpp/dialect.ts';
import { hipchatNames } from './names.ts';
import { bare } from './user.ts';

/** Reads an invitation that says what the room is in HipChat's words. Undefined for anything else. */
export function readInvitation(stanza: Element, conference: string): Invitation | undefined {
  if (!stanza.is('message') || /^(?:groupchat|error)$/.test(String(stanza.attrs['type'] ?? ''))) return undefined;
  if (stanza.getChild('x', hipchatNames.room) === undefined) return undefined;
  const invite = stanza
    .getChildren('x')
    .find((x) => x.getChild('invite') !== undefined)
    ?.getChild('invite');
  const from: unknown = stanza.attrs['from'];
  // It comes from the room itself: who else sends one may not say where we go.
  if (invite === undefined || typeof from !== 'string' || !from.includes('@')) return undefined;
  const room = bare(from);
  if (!room.endsWith(`@${conference}`)) return undefined;
  const by: unknown = invite.attrs['from'];
  return { room, from: typeof by === 'string' ? bare(by) : '' };
}
