import { harmless, oneLine } from '../../document/harmless.ts';

/** What nobody sees, and what may look like a space or like nothing: joiners, marks of direction, soft hyphens, fillers, odd spaces. */
const unseen = /\p{Cf}|\p{Default_Ignorable_Code_Point}|(?! )\p{Zs}/gu;

/** A line as somebody must see it who answers for it: what is in it and cannot be seen is written as its code. */
export const visible = (line: string): string =>
  harmless(line).replaceAll(unseen, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);

/** A name, which its owner may have chosen to look like something else. */
export const visibleName = (name: string): string => oneLine(visible(name));

/** Somebody as others are told of them: what they call themselves is worth nothing without what they are known by. */
export const nameAndId = (name: string, id: string): string =>
  name === id ? visibleName(id) : `${visibleName(name)} (${visibleName(id)})`;

/** More of a line is not needed where it is only named. */
const maxLine = 60;

/** As much of a line as fits where it is only named. */
export function shorten(line: string): string {
  const letters = Array.from(oneLine(visible(line)));
  return letters.length > maxLine ? `${letters.slice(0, maxLine).join('')}…` : letters.join('');
}
