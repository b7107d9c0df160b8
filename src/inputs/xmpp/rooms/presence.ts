import type { Element } from '@xmpp/xml';
import { attribute } from './attribute.ts';
import { bareOf, resourceOf } from './address.ts';
import { namespaces } from './namespaces.ts';

/** What a room tells about one of those in it. */
export type RoomPresence = Here | Gone | Refused;

export interface Here {
  readonly kind: 'here';
  readonly nick: string;
  /** Status codes; 110 means that this is ourselves. */
  readonly codes: ReadonlySet<string>;
  /** With its resource; empty where the room does not tell. */
  readonly jid: string;
  readonly occupantId: string | undefined;
  readonly role: string;
}

export interface Gone {
  readonly kind: 'gone';
  readonly nick: string;
  readonly codes: ReadonlySet<string>;
  /** With code 303: what they are called from now on. */
  readonly newNick: string;
  /** The room is no more; the venue is where it went on, or empty. */
  readonly destroyed: { readonly venue: string; readonly reason: string } | undefined;
  /** Why they were put out, in the words of whoever did. */
  readonly reason: string;
}

/** Our own presence was not taken. */
export interface Refused {
  readonly kind: 'refused';
  /** Of the presence that was refused; empty where it is not told. */
  readonly id: string;
  readonly condition: string;
  readonly text: string;
  /** With `gone`: where the room went. */
  readonly venue: string;
}

/** Undefined for what rooms do not send: subscriptions and probes. */
export function readPresence(stanza: Element): RoomPresence | undefined {
  switch (attribute(stanza, 'type')) {
    case '':
      return readHere(stanza);
    case 'unavailable':
      return readGone(stanza);
    case 'error':
      return { kind: 'refused', id: attribute(stanza, 'id'), ...readError(stanza) };
    default:
      return undefined;
  }
}

const nickOf = (stanza: Element): string => resourceOf(attribute(stanza, 'from'));

function readHere(stanza: Element): Here {
  const news = newsOf(stanza);
  const item = news && only(news, 'item');
  const occupantId = only(stanza, 'occupant-id', namespaces.occupantId);
  return {
    kind: 'here',
    nick: nickOf(stanza),
    codes: codesOf(news),
    jid: item === undefined ? '' : attribute(item, 'jid'),
    occupantId: (occupantId && attribute(occupantId, 'id')) || undefined,
    role: item === undefined ? '' : attribute(item, 'role'),
  };
}

function readGone(stanza: Element): Gone {
  const news = newsOf(stanza);
  const item = news && only(news, 'item');
  const destroy = news && only(news, 'destroy');
  return {
    kind: 'gone',
    nick: nickOf(stanza),
    codes: codesOf(news),
    newNick: item === undefined ? '' : attribute(item, 'nick'),
    destroyed: destroy && {
      venue: bareOf(attribute(destroy, 'jid')),
      reason: short(destroy.getChildText('reason')),
    },
    reason: short(item?.getChildText('reason')),
  };
}

/** What an `error` stanza says. */
export function readError(stanza: Element): { condition: string; text: string; venue: string } {
  const error = stanza.getChild('error');
  const conditions = error?.getChildElements().filter((child) => child.getNS() === namespaces.stanzas) ?? [];
  const condition = conditions.find((child) => child.getName() !== 'text');
  return {
    condition: condition?.getName() ?? '',
    text: short(error?.getChildText('text', namespaces.stanzas)),
    venue: bareOf((condition?.getText() ?? '').replace(/^xmpp:/u, '').split('?', 1)[0] ?? ''),
  };
}

/**
 * What the room itself adds. A second one could only be smuggled in by whom it is about, and nobody knows which is which: then neither
 * is believed.
 */
const newsOf = (stanza: Element): Element | undefined => only(stanza, 'x', namespaces.user);

function only(parent: Element, name: string, namespace?: string): Element | undefined {
  const found = parent.getChildren(name, namespace);
  return found.length === 1 ? found[0] : undefined;
}

/** The status codes of a presence or a notice. */
const codesOf = (news: Element | undefined): ReadonlySet<string> =>
  new Set(news?.getChildren('status').map((status) => attribute(status, 'code')));

/** Of a notice that the room itself sends. */
export const noticeCodes = (stanza: Element): ReadonlySet<string> => codesOf(newsOf(stanza));

/** What others wrote goes into the log: not all of it, however long. */
const short = (text: string | null | undefined): string => (text ?? '').slice(0, 200);
