import { harmless, oneLine } from '../../../document/harmless.ts';

const lone = /\p{Surrogate}/gu;
/** Of a pair or alone: without any there is no lone one, and to look for them costs little. */
const half = /[\ud800-\udfff]/;
const visible = /[^\s\p{Z}\p{Cf}]/u;

/**
 * Text of a service as Slack gets it: what would act is written as its code, and so is half a character, which JSON cannot carry: Slack
 * would refuse the whole message.
 */
export const shown = (text: string): string => whole(harmless(text));

/** The same on one line. */
export const shownLine = (text: string): string => whole(oneLine(text));

/** Whether a reader sees anything of it, be it a code. */
export const isVisible = (text: string): boolean => visible.test(text) || visible.test(shown(text));

/** Half characters written as their codes. */
export const whole = (text: string): string =>
  half.test(text) ? text.replace(lone, (char) => `\\u${char.charCodeAt(0).toString(16)}`) : text;
