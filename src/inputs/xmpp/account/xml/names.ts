import { XmlError } from './error.ts';
import type { Tag } from './tag.ts';

/** Which namespace each prefix stands for; the empty one is the default. */
export type Scope = ReadonlyMap<string, string>;

export const outermost: Scope = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]);

/** The scope within an element. Throws an `XmlError`. */
export function scopeWithin(tag: Tag, outer: Scope): Scope {
  let scope: Map<string, string> | undefined;
  for (const [key, namespace] of tag.attributes) {
    if (key !== 'xmlns' && !key.startsWith('xmlns:')) continue;
    const prefix = key.slice('xmlns:'.length);
    const isReserved = prefix === 'xml' || prefix === 'xmlns';
    if (isReserved || (prefix !== '' && namespace === ''))
      throw new XmlError('bad-namespace-prefix', 'a prefix that can not be given');
    scope ??= new Map(outer);
    scope.set(prefix, namespace);
  }
  return scope ?? outer;
}

/** The name without its prefix, and what it belongs to; the empty string for none. Throws an `XmlError`. */
export function resolveName(name: string, scope: Scope): { readonly local: string; readonly namespace: string } {
  const colon = name.indexOf(':');
  const prefix = colon === -1 ? '' : name.slice(0, colon);
  const namespace = scope.get(prefix);
  if (namespace === undefined && prefix !== '')
    throw new XmlError('bad-namespace-prefix', 'a prefix that stands for nothing');
  return { local: name.slice(colon + 1), namespace: namespace ?? '' };
}

/** Attributes other than declarations. Those in a namespace keep their prefix: XMPP knows only `xml:lang`. Throws an `XmlError`. */
export function attributesOf(tag: Tag, scope: Scope): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [key, text] of tag.attributes) {
    if (key === 'xmlns' || key.startsWith('xmlns:')) continue;
    if (key.includes(':')) resolveName(key, scope);
    // As a plain assignment this would change what the object is.
    if (key !== '__proto__') attributes[key] = text;
  }
  return attributes;
}
