import type { Element } from '@xmpp/xml';
import type { Said } from '../said.ts';
import { bodyOf, withoutQuotation } from './body.ts';
import { readCall } from './call.ts';
import { attribute, childOf, client } from './element.ts';
import { isEncrypted } from './encrypted.ts';
import { keysOf } from './keys.ts';
import { isNoise } from './noise.ts';
import type { Own } from './own.ts';
import { placeOf } from './place.ts';
import { plainText } from './plain.ts';

/** What somebody said to us or in a room of ours, just now and in words. Undefined for everything else. */
export function readMessage(stanza: Element, own: Own): Said | undefined {
  if (!stanza.is('message') || isNoise(stanza, own) || isEncrypted(stanza)) return undefined;
  const body = bodyOf(stanza);
  if (body === undefined || body === '') return undefined;
  const place = placeOf(stanza, own);
  if (place === undefined) return undefined;
  const { to, kind, sender, isKnown, nick } = place;
  const { text, isCalled } = readCall(stanza, plainText(stanza, withoutQuotation(stanza, body)), place, own);
  if (text === '' && !isCalled) return undefined;
  const id = attribute(stanza, 'id');
  const asksReceipt = childOf(stanza, 'request', 'urn:xmpp:receipts') !== undefined;
  return {
    keys: keysOf(stanza, place, own, body),
    to,
    kind,
    sender,
    isKnown,
    nick,
    text,
    addressed: isCalled || kind !== 'groupchat',
    thread: childOf(stanza, 'thread', client)?.getText() || undefined,
    id,
    wantsReceipt: asksReceipt && id !== undefined && kind !== 'groupchat',
    hasChatStates: kind !== 'groupchat' && stanza.getChildElements().some((child) => child.getNS() === chatStates),
  };
}

const chatStates = 'http://jabber.org/protocol/chatstates';
