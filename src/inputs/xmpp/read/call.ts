import type { Element } from '@xmpp/xml';
import { bareOf, resourceOf } from './address.ts';
import { attribute, childrenOf } from './element.ts';
import type { Own } from './own.ts';
import type { Place } from './place.ts';
import { trimmed } from './plain.ts';

export interface Call {
  /** Somebody called us by a name that is ours here. */
  readonly isCalled: boolean;
  /** Without that name, if it was at the front. */
  readonly text: string;
}

/** Finds out whether a text calls us: `nick: …`, `nick, …`, `@nick …`, or anywhere by a reference (XEP-0372). */
export function readCall(stanza: Element, text: string, place: Place, own: Own): Call {
  const { room } = place;
  const nicks = room === undefined ? [] : [room.nick];
  const called = afterName(text, nicks, 'marked');
  if (called !== undefined) return { isCalled: true, text: called };
  if (!isReferredTo(stanza, place, own)) return { isCalled: false, text };
  return { isCalled: true, text: afterName(text, [...nicks, own.name], 'bare') ?? text };
}

/** How much it takes for a name at the front to be a call: an `@` or punctuation behind it, or nothing. */
type Mark = 'marked' | 'bare';

const patterns: Readonly<Record<Mark, (name: string) => string>> = {
  marked: (name) => `(?:@${name}[:,]?|${name}[:,])`,
  bare: (name) => `@?${name}[:,]?`,
};

function afterName(text: string, names: readonly string[], mark: Mark): string | undefined {
  for (const name of names) {
    if (name === '') continue;
    const pattern = patterns[mark](name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
    const found = new RegExp(`^${pattern}(?=\\s|$)`, 'iu').exec(text)?.[0];
    if (found !== undefined) return trimmed(text.slice(found.length));
  }
  return undefined;
}

function isReferredTo(stanza: Element, { room }: Place, own: Own): boolean {
  return childrenOf(stanza, 'reference', 'urn:xmpp:reference:0').some((reference) => {
    if (attribute(reference, 'type') !== 'mention') return false;
    const jid = addressOf(attribute(reference, 'uri') ?? '');
    if (room !== undefined && bareOf(jid) === room.jid) return resourceOf(jid) === room.nick;
    return bareOf(jid) === own.bare;
  });
}

/** The address in `xmpp:user@domain/resource?query`; empty for any other. */
function addressOf(uri: string): string {
  const path = /^xmpp:([^?#]+)/i.exec(uri)?.[1] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}
