import { createElement as xml, type Element } from '@xmpp/xml';
import type { Target } from './target.ts';

/** What one message says. */
export interface Content {
  readonly body: string;
  /** It has fences of ours in it. In any other, no mark is one. */
  readonly isStyled: boolean;
  /** The address of a file that it is about: the body is nothing else then. */
  readonly file?: string | undefined;
}

export interface MessageOptions {
  readonly id: string;
  /** The first id of the message that this one takes the place of. */
  readonly replaces?: string | undefined;
  /** Says that nobody is typing any more. */
  readonly isActive?: boolean | undefined;
}

export function message(target: Target, { body, isStyled, file }: Content, options: MessageOptions): Element {
  const { id, replaces, isActive = false } = options;
  const stanza = empty(target, id);
  stanza.append(xml('body', {}, body));
  if (!isStyled) stanza.append(xml('unstyled', 'urn:xmpp:styling:0'));
  if (file !== undefined) stanza.append(xml('x', 'jabber:x:oob', xml('url', {}, file)));
  if (replaces !== undefined) stanza.append(xml('replace', { xmlns: 'urn:xmpp:message-correct:0', id: replaces }));
  if (isActive) stanza.append(xml('active', chatStates));
  stanza.append(xml('origin-id', { xmlns: 'urn:xmpp:sid:0', id }));
  return stanza;
}

/** Says whether somebody is typing, and nothing else: nobody needs to keep it. */
export function chatState(target: Target, state: 'composing' | 'active', id: string): Element {
  const stanza = empty(target, id);
  stanza.append(xml(state, chatStates));
  stanza.append(xml('no-store', 'urn:xmpp:hints'));
  return stanza;
}

/** Says that a message came (XEP-0184). */
export function receipt(target: Target, of: string, id: string): Element {
  const stanza = empty(target, id);
  stanza.append(xml('received', { xmlns: 'urn:xmpp:receipts', id: of }));
  stanza.append(xml('store', 'urn:xmpp:hints'));
  return stanza;
}

/** Bytes of a message around its body, and what the server may still count. */
export const envelopeBytes = (target: Target): number =>
  Buffer.byteLength(message(target, { body: '', isStyled: false }, full).toString()) + 256;

const full: MessageOptions = { id: 'x'.repeat(36), replaces: 'x'.repeat(36), isActive: true };
const chatStates = 'http://jabber.org/protocol/chatstates';

function empty({ to, kind, thread }: Target, id: string): Element {
  const stanza = xml('message', { to, type: kind === 'groupchat' ? 'groupchat' : 'chat', id });
  if (thread !== undefined) stanza.append(xml('thread', {}, thread));
  if (kind === 'private') stanza.append(xml('x', 'http://jabber.org/protocol/muc#user'));
  return stanza;
}
