import type { Element } from '@xmpp/xml';
import type { Said } from '../said.ts';
import { childOf, is, namespaceOf } from './element.ts';
import type { Own } from './own.ts';
import { bodyOf } from './body.ts';
import { isNoise } from './noise.ts';
import { placeOf } from './place.ts';

/** Somebody who said something to us that we can't read. */
export type Unreadable = Pick<Said, 'to' | 'kind' | 'sender' | 'nick'>;

/** True for what only a program with a key can read. A body beside it says no more than that. */
export const isEncrypted = (stanza: Element): boolean =>
  stanza.getChildElements().some(isSealed) || /^\s*\?OTR/.test(bodyOf(stanza) ?? '');

/** Undefined for what is not encrypted, or not meant for us alone: in a room nobody knows whom it calls. */
export function readEncrypted(stanza: Element, own: Own): Unreadable | undefined {
  if (!stanza.is('message') || !isEncrypted(stanza) || isNoise(stanza, own) || !saysSomething(stanza)) return undefined;
  const place = placeOf(stanza, own);
  if (place === undefined || place.kind === 'groupchat') return undefined;
  const { to, kind, sender, nick } = place;
  return { to, kind, sender, nick };
}

function isSealed(element: Element): boolean {
  const namespace = namespaceOf(element);
  return sealed.has(namespace) || /^urn:xmpp:omemo:\d+$/.test(namespace) || is(element, 'encryption', 'urn:xmpp:eme:0');
}

const omemo = 'eu.siacs.conversations.axolotl';
const sealed: ReadonlySet<string> = new Set([
  omemo,
  'jabber:x:encrypted',
  'urn:xmpp:openpgp:0',
  'urn:xmpp:sce:0',
  'urn:xmpp:sce:1',
]);

/** Programs also send keys alone, to be able to talk later. */
const saysSomething = (stanza: Element): boolean => {
  const envelope = childOf(stanza, 'encrypted', omemo);
  return envelope === undefined || childOf(envelope, 'payload', omemo) !== undefined;
};
