import type { Fields } from './fields.ts';

const tokens = /<(@|#|!|)([^<>|]*)(?:\|([^<>]*))?>/g;

const plain = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** What a person types, as Slack puts it on the wire. */
export const escape = (typed: string): string =>
  typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The rich text Slack sends beside a message's `text`: mentions, links and text, without styles. */
export function richText(text: string): readonly Fields[] {
  const elements: Fields[] = [];
  let at = 0;
  const until = (end: number): void => {
    if (end > at) elements.push({ type: 'text', text: plain(text.slice(at, end)) });
  };
  for (const match of text.matchAll(tokens)) {
    const [whole, sigil = '', target = '', label] = match;
    until(match.index);
    elements.push(elementOf(sigil, target, label));
    at = match.index + whole.length;
  }
  until(text.length);
  return [{ type: 'rich_text', block_id: 'typed', elements: [{ type: 'rich_text_section', elements }] }];
}

function elementOf(sigil: string, target: string, label: string | undefined): Fields {
  if (sigil === '@') return { type: 'user', user_id: target };
  if (sigil === '#') return { type: 'channel', channel_id: target };
  if (sigil === '!') {
    const group = /^subteam\^(.+)$/.exec(target)?.[1];
    return group === undefined ? { type: 'broadcast', range: target } : { type: 'usergroup', usergroup_id: group };
  }
  return { type: 'link', url: plain(target), ...(label === undefined ? {} : { text: plain(label) }) };
}
