import type { Element } from '@xmpp/xml';
import { attribute, childOf, childrenOf, client } from './element.ts';

/** The text as it came, in the language that has no name, or the first. Undefined where there is none, or two that claim the same. */
export function bodyOf(stanza: Element): string | undefined {
  const bodies = childrenOf(stanza, 'body', client);
  const languages = bodies.map((body) => attribute(body, 'xml:lang') ?? '');
  if (new Set(languages).size < bodies.length) return undefined;
  return (bodies[Math.max(languages.indexOf(''), 0)] ?? bodies[0])?.getText();
}

/** The same without the quotation that stands in a reply for programs that don't know replies. */
export function withoutQuotation(stanza: Element, body: string): string {
  if (childOf(stanza, 'reply', replies) === undefined) return body;
  const ranges = childrenOf(stanza, 'fallback', fallbacks)
    .filter((fallback) => attribute(fallback, 'for') === replies)
    .flatMap((fallback) => childrenOf(fallback, 'body', fallbacks));
  if (ranges.length === 0) return body;
  // Counted in characters of Unicode.
  const characters = Array.from(body);
  const kept = characters.map(() => true);
  for (const range of ranges) {
    const start = place(range, 'start', 0);
    const end = place(range, 'end', characters.length);
    if (start === undefined || end === undefined) continue;
    kept.fill(false, start, end);
  }
  return characters.filter((_, index) => kept[index]).join('');
}

const replies = 'urn:xmpp:reply:0';
const fallbacks = 'urn:xmpp:fallback:0';

function place(range: Element, name: string, absent: number): number | undefined {
  const value = attribute(range, name);
  if (value === undefined) return absent;
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
