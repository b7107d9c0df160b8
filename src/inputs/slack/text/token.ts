import { typedLink } from './link.ts';
import { type Piece, typed } from './piece.ts';

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** The three that Slack escapes, once. Others are what somebody typed. */
export const unescaped = (text: string): string =>
  text.includes('&') ? text.replace(/&(?:lt|gt|amp);/g, (found) => entities[found] ?? found) : text;

/** What stands between `<` and `>` in Slack's text, undone. */
export function tokenPiece(inside: string): Piece {
  const bar = inside.indexOf('|');
  const target = unescaped(bar < 0 ? inside : inside.slice(0, bar));
  const label = bar < 0 ? undefined : unescaped(inside.slice(bar + 1));
  switch (target.charAt(0)) {
    case '@':
      return { kind: 'user', id: target.slice(1) };
    case '#':
      return typed(named('#', label, target.slice(1)));
    case '!':
      return typed(special(target.slice(1), label));
    default:
      return typed(typedLink(target, label));
  }
}

/** `@here`, a group, a date, and whatever Slack thinks of next. */
function special(target: string, label: string | undefined): string {
  const [name = '', id = ''] = target.split('^');
  switch (name) {
    case 'subteam':
      return named('@', label, id);
    case 'date':
      return label ?? id;
    default:
      return named('@', label, name);
  }
}

/** Labels come with their sign or without it, or empty. */
const named = (sign: string, label: string | undefined, id: string): string => {
  const name = label === undefined || label === '' || label === sign ? id : label;
  return name.startsWith(sign) ? name : sign + name;
};
