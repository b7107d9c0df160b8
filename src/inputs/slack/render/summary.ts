import { beginning } from './fit.ts';
import { isVisible } from './shown.ts';

const longest = 300;

export const nothing = '(no output)';

/** Slack reads these as the beginning of its own markup. */
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What a notification shows of a text. It opens no markup: backticks, which would, become plain quotes. */
export function summary(plain: string): string {
  const text = plain.trim();
  const short = text.length <= longest ? text : `${beginning(text, longest - 1).trimEnd()}…`;
  return escape(isVisible(short) ? short.replaceAll('`', "'") : nothing);
}
