import { scanJson } from '../../document/json-scan.ts';
import type { Schema } from '../schema.ts';
import type { Codec } from './codec.ts';

/** One JSON value a message. An absent value is `{}` both ways, as for Go, where a message is never absent. */
export const jsonCodec: Codec = {
  name: 'json',
  contentType: 'application/json',
  encode: (value, schema) => `${writeJson(value, schema)}\n`,
  decode: (body, schema) => readJson(body.toString(), schema),
};

export function writeJson(value: unknown, schema: Schema | undefined): string {
  const json = schema?.json === undefined || value === undefined ? value : schema.json.write(value);
  return JSON.stringify(json) ?? '{}';
}

/** The value in a text, or in what `pick` takes of it. */
export function readJson(text: string, schema: Schema | undefined, pick?: (value: unknown) => unknown): unknown {
  const value = parseJson(schema?.json === undefined ? text : quoteLongNumbers(text));
  const picked = pick === undefined ? value : pick(value);
  return schema?.json === undefined ? picked : schema.json.read(picked);
}

/** Throws in the words of Go's decoder. What follows the first value is ignored, as there. */
export function parseJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    const end = endOfFirstValue(text);
    return end === 0 ? {} : JSON.parse(text.slice(0, end));
  }
}

/** Where the first value ends; 0 when there is nothing but white space. */
function endOfFirstValue(text: string): number {
  let depth = 0;
  let first = 0;
  try {
    scanJson(text, (token, _start, end) => {
      if (token === '{' || token === '[') depth += 1;
      if (token === '}' || token === ']') depth -= 1;
      if (depth === 0 && first === 0) first = end;
    });
  } catch (error) {
    if (first === 0 && text.trim() !== '') throw new Error(reasonOf(error), { cause: error });
  }
  return first;
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message.replace(/ at line \d+ column \d+\n.*$/s, '') : String(error);
  return reason === 'unexpected end of JSON input' ? 'unexpected EOF' : reason;
}

/** A string, closed or not, or a whole number token. Every character is looked at once, whatever the text: peers choose it. */
const stringOrNumber = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const longInteger = /^-?\d{16,}$/;

/** Integers that a double may not hold exactly become strings, which schemas read as the same number. */
function quoteLongNumbers(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replace(stringOrNumber, (token) => (longInteger.test(token) ? `"${token}"` : token));
}
