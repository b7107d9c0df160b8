import { harmless, oneLine } from '../../../document/harmless.ts';

const lone = /\p{Surrogate}/gu;
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
export const whole = (text: string): string => text.replace(lone, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
