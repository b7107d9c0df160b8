import type { Message } from '../inputs/input.ts';
import { onlyCode, withoutFirstMarks } from './code.ts';

/** What a message says to the bot. `surely` is false for `/word …` in a room of many: that is meant for us only if we know the word. */
export interface Addressed {
  readonly text: string;
  readonly surely: boolean;
}

/** Finds out whether a message is meant for the bot, and what it says without the bot's name. Undefined for talk among others. */
export type Addressing = (message: Message) => Addressed | undefined;

const slash = /^\/(?=\p{L})/u;

/** For a bot of this name: `micro ping`, `@Micro: ping`, `MICRO, ping`, but not `microscope ping`. */
export function addressing(name: string): Addressing {
  const prefix = new RegExp(`@?${name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?:[:,]?\\s+|[:,]?$)`, 'iuy');
  return ({ text, direct, addressed }) => {
    // Who sends nothing but code means what is in it.
    const given = text.trim();
    const trimmed = onlyCode(given)?.trim() ?? given;
    prefix.lastIndex = 0;
    const isNamed = prefix.test(trimmed);
    const said = withoutFirstMarks(isNamed ? trimmed.slice(prefix.lastIndex) : trimmed);
    // Somebody who only pressed Enter asked for nothing.
    if (said === '' && !isNamed && !addressed) return undefined;
    const slashed = said[0] === '/' && slash.test(said);
    const surely = direct || addressed || isNamed;
    return surely || slashed ? { text: slashed ? said.slice(1) : said, surely } : undefined;
  };
}
