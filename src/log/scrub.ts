import { replacing } from './needles.ts';

const mark = '[secret]';

// The ends of names whose values are secrets: `slack_token=…`, `"apiKey": "…"`.
const name = String.raw`(?:password|passwd|passphrase|pwd|secret|token|authorization|(?:api|private|access)[_-]?key)`;

/** Shapes of secrets that are known without knowing the secret. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\bxox[a-z]-[\w-]+/g, mark],
  [/\bxapp-[\w-]+/g, mark],
  [/\bgh[pousr]_\w{20,}/g, mark],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${mark}`],
  [/(:\/\/[^\s:@/"\\]*:)[^\s@/"]+@/g, `$1${mark}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs, mark],
  // A member of an object that was written into the text as JSON, and of one that was written into that.
  [new RegExp(String.raw`(${name}"\s*:\s*")(?:\\.|[^"\\])*`, 'gis'), `$1${mark}`],
  [new RegExp(String.raw`(${name}(\\+")\s*:\s*\2)(?:[^"\\]|\\+(?!["\\]))*`, 'gis'), `$1${mark}`],
  // With more before its quote than anybody writes, its end is not looked for: that would take ever longer.
  [new RegExp(String.raw`(${name}=\\{65,}["']).+`, 'gis'), `$1${mark}`],
  [new RegExp(String.raw`(${name}=(\\{0,64}["']))(?:(?!\2).)+`, 'gis'), `$1${mark}`],
  [new RegExp(String.raw`(${name}=)(?!\\*["'])[^\s"'&,;)]+`, 'gi'), `$1${mark}`],
];
/** What none of them looks like. Most texts are done with one look. */
const suspicious = /xox|xapp|gh[pousr]_|bearer|basic|:\/\/|begin|pass|pwd|secret|token|authorization|key/i;
const secretName = new RegExp(`${name}$`, 'i');

const asJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Of shorter ones the other forms would be found in what has nothing to do with them. */
const leastEncoded = 8;

/** How a secret may appear in a text: as it is, inside JSON, inside JSON inside JSON, inside a URL or a form, in HTML, as Base64 or in hex. */
function formsOf(secret: string): readonly string[] {
  const once = asJson(secret);
  const bytes = Buffer.from(secret);
  const inUrl = encodeURIComponent(bytes.toString());
  const written = [secret, once, asJson(once), inUrl, inUrl.replaceAll('%20', '+'), asHtml(secret)];
  if (secret.length < leastEncoded) return written;
  const hex = bytes.toString('hex');
  return [...written, ...asBase64(bytes), hex, hex.toUpperCase()];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const asHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

/** In both alphabets, wherever it begins within what was encoded: but for the characters that its neighbours have a part in. */
function asBase64(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 4) / 3);
    const last = Math.floor((whole.length * 4) / 3);
    return (['base64', 'base64url'] as const).map((alphabet) => whole.toString(alphabet).slice(first, last));
  });
}

export interface Scrubber {
  /** Replaces in a text the secrets it was made with, in every form they are written in, and what looks like a secret. */
  text(value: string): string;
  /** The same for all strings of a value; the member of an object whose name says that it is a secret goes as a whole. */
  deep(value: unknown): unknown;
}

/** A secret of fewer than four characters is replaced only where it stands alone, or every line would be full of holes. */
export function scrubber(secrets: readonly string[]): Scrubber {
  const known = replacing(secrets.filter((secret) => secret !== '').flatMap(formsOf));

  const text = (value: string): string => {
    const rest = known(value, mark);
    if (!suspicious.test(rest)) return rest;
    return shapes.reduce((line, [shape, replacement]) => line.replace(shape, replacement), rest);
  };
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [text(key), secretName.test(key) ? mark : deep(item)]),
    );
  };
  return { text, deep };
}
