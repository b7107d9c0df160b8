import { hash, randomUUID } from 'node:crypto';
import type { Element } from '@xmpp/xml';
import { bareOf } from './address.ts';
import { attribute, childrenOf } from './element.ts';
import type { Own } from './own.ts';
import type { Place } from './place.ts';

/**
 * By what one message is told from the next. Each key has the sender in it, so that nobody can take away somebody else's message by a
 * key that was made up.
 */
export function keysOf(
  stanza: Element,
  place: Place,
  own: Pick<Own, 'bare'>,
  body: string,
): readonly [string, ...string[]] {
  const { from, kind } = place;
  const authority = kind === 'groupchat' ? bareOf(from) : own.bare;
  const stamped = only(childrenOf(stanza, 'stanza-id', stanzaIds).filter((each) => each.attrs['by'] === authority));
  const origin = only(childrenOf(stanza, 'origin-id', stanzaIds));
  const id = attribute(stanza, 'id');
  const keys: string[] = [];
  if (stamped !== undefined) keys.push(key('stamped', authority, from, stamped));
  // A program that lost its connection says it again under another address.
  if (origin !== undefined) keys.push(key('origin', kind === 'chat' ? bareOf(from) : from, origin));
  // Some programs count from the same number each time they start: what they say then is another thing.
  if (id !== undefined && stamped === undefined) keys.push(key('id', from, id, hash('sha256', body, 'base64')));
  const [first, ...others] = keys;
  return first === undefined ? [key('none', from, randomUUID())] : [first, ...others];
}

const stanzaIds = 'urn:xmpp:sid:0';

/** Two that differ are no names at all. */
const only = (elements: readonly Element[]): string | undefined => {
  const [first, second] = elements;
  return first === undefined || second !== undefined ? undefined : attribute(first, 'id');
};

const key = (...parts: readonly string[]): string => JSON.stringify(parts);
