import { readEncoded } from './encoded.ts';
import { plain } from './piece.ts';

/** What somebody typed, from Slack's text format. */
export const plainText = (text: string): string => plain(readEncoded(text));
