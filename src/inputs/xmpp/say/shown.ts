import { harmless, oneLine } from '../../../document/harmless.ts';

/** What XML can't carry: half characters, and two that are none. The other ones of that kind are harmless text. */
const unspeakable = /[\p{Surrogate}\ufffe\uffff]/gu;
const visible = /[^\s\p{Z}\p{Cf}]/u;

/** Without any of these there is none of those, and to look for them costs little. */
const suspicious = /[\ud800-\udfff\ufffe\uffff]/;

const speakable = (text: string): string =>
  suspicious.test(text)
    ? text.replace(unspeakable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text;

/** Text of a service as it is sent: what would act, or end the stream, is written as its code. */
export const shown = (text: string): string => speakable(harmless(text));

/** The same on one line. */
export const shownLine = (text: string): string => speakable(oneLine(text));

/** Whether a reader sees anything of it, be it a code. */
export const isVisible = (text: string): boolean => visible.test(text) || visible.test(shown(text));
