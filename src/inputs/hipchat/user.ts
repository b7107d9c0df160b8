import type { Element } from '@xmpp/xml';

/** Somebody with an account on the server. */
export interface User {
  /** Bare address, in small letters. */
  readonly jid: string;
  /** The full name; empty where it is not known. */
  readonly name: string;
  /** What follows `@` when they are meant; undefined where it is not known. */
  readonly mention: string | undefined;
}

/** Reads an item of a roster. Undefined for one that is no user (any more). */
export function readUser(item: Element): User | undefined {
  const attribute = (name: string): string | undefined => {
    const value: unknown = item.attrs[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const jid = attribute('jid');
  if (jid === undefined || attribute('subscription') === 'remove') return undefined;
  return {
    jid: bare(jid),
    name: attribute('name') ?? '',
    mention: mentionName(attribute('mention_name') ?? ''),
  };
}

/** The address without its resource, as addresses are compared. */
export const bare = (jid: string): string => jid.replace(/\/.*$/s, '').toLowerCase();

/** A name that can stand after `@`; undefined for what can't. */
export function mentionName(text: string): string | undefined {
  const name = text.trim().replace(/^@/, '');
  return /^[\p{L}\p{N}_.-]{1,64}$/u.test(name) ? name : undefined;
}
