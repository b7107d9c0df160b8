// What a terminal or a reader must not get as it is: control codes move the cursor, write to the clipboard or hide what follows;
// the others turn the reading direction around. Line breaks and tabs are text.
const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const breaks = /[\t\n]+/g;
/** A cell of a large table is looked at once, as most have nothing of either. */
const unusual = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const codeOf = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The text with control codes and direction marks written as their codes (`\u001b`), so that they show and do nothing. Inside
 * JSON the result is the same value to who reads it. Windows line ends become plain ones.
 */
export const harmless = (text: string): string => text.replaceAll('\r\n', '\n').replace(dangerous, codeOf);

/** The same on one line: line breaks and tabs become one space, so that the text cannot pretend to be more than one line or cell. */
export const oneLine = (text: string): string => (unusual.test(text) ? harmless(text).replace(breaks, ' ') : text);
