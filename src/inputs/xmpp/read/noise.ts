import type { Element } from '@xmpp/xml';
import { attribute, childOf, childrenOf, client, namespaceOf } from './element.ts';
import { bareOf, domainOf } from './address.ts';
import type { Own } from './own.ts';

/**
 * True for what nobody just typed for us: copies of what was said elsewhere or before, changes of it, and what programs tell each
 * other. Who sent a copy does not matter, since not even a true one is a command.
 */
export const isNoise = (stanza: Element, own: Pick<Own, 'bare' | 'since'>): boolean =>
  stanza.getChildElements().some(isPayload) || isReplay(stanza, own);

function isPayload(element: Element): boolean {
  const name = element.getName();
  switch (namespaceOf(element)) {
    case 'urn:xmpp:carbons:2':
    case 'urn:xmpp:carbons:1':
      // `private` is a request of the sender.
      return name === 'received' || name === 'sent';
    case 'http://jabber.org/protocol/muc#user':
      return element.getChildElements().some((child) => child.getName() !== 'item');
    case 'urn:xmpp:fallback:0':
      return isAllFallback(element);
    case client:
      return name === 'error';
    default:
      return (
        payloads.has(namespaceOf(element)) || (name === 'result' && namespaceOf(element).startsWith('urn:xmpp:mam:'))
      );
  }
}

/** Namespaces of which nothing is in a message that somebody typed. */
const payloads: ReadonlySet<string> = new Set([
  'urn:xmpp:forward:0',
  'urn:xmpp:message-correct:0',
  'urn:xmpp:message-retract:0',
  'urn:xmpp:message-retract:1',
  'urn:xmpp:message-moderate:0',
  'urn:xmpp:message-moderate:1',
  'urn:xmpp:fasten:0',
  'urn:xmpp:message-attaching:1',
  'urn:xmpp:reactions:0',
  'urn:xmpp:captcha',
  'urn:xmpp:jingle-message:0',
  'jabber:x:conference',
  'http://jabber.org/protocol/pubsub#event',
  'http://jabber.org/protocol/http-auth',
]);

/** A body that is only there for programs that don't know something else in the message. Of a reply, a part is. */
const isAllFallback = (fallback: Element): boolean =>
  attribute(fallback, 'for') !== 'urn:xmpp:reply:0' &&
  (fallback.getChildElements().length === 0 ||
    childrenOf(fallback, 'body', 'urn:xmpp:fallback:0').some(
      (body) => attribute(body, 'start') === undefined || attribute(body, 'start') === '0',
    ));

/** Said some time ago: by a room's history, an offline store, or whoever says so. */
function isReplay(stanza: Element, own: Pick<Own, 'bare' | 'since'>): boolean {
  if (childOf(stanza, 'x', 'jabber:x:delay') !== undefined) return true;
  return childrenOf(stanza, 'delay', 'urn:xmpp:delay').some((delay) => !isHeldBack(delay, own));
}

/** What came while the stream of our session was cut: the server has kept it for us, and says since when. */
function isHeldBack(delay: Element, { bare, since }: Pick<Own, 'bare' | 'since'>): boolean {
  const from = attribute(delay, 'from') ?? '';
  const stamp = Date.parse(attribute(delay, 'stamp') ?? '');
  const isOurServer = bareOf(from) === bare || from.toLowerCase() === domainOf(bare);
  return isOurServer && since !== undefined && stamp + stampMs > since && stamp > Date.now() - longestCutMs;
}

/** Servers stamp whole seconds. */
const stampMs = 1_000;
/** No server keeps a session that is cut for longer. */
const longestCutMs = 3_600_000;
