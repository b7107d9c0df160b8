import { JsonError } from './json-error.ts';

/** A piece of JSON text: punctuation, or a whole string, number, `true`, `false` or `null`. White space is no token. */
export type JsonToken = '{' | '}' | '[' | ']' | ':' | ',' | 'key' | 'string' | 'number' | 'literal';

/** As deep as Go's decoder goes: deeper text is refused there, too. */
const maxDepth = 10_000;

type Expecting = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma' | 'end';

const whiteSpace = /[ \t\r\n]*/y;
const stringRun = /[^"\\\u0000-\u001f]*/y;

const wanted: Readonly<Record<Exclude<Expecting, 'comma'>, string>> = {
  value: 'looking for beginning of value',
  'first value': 'looking for beginning of value',
  key: 'looking for beginning of object key string',
  'first key': 'looking for beginning of object key string',
  colon: 'after object key',
  end: 'after top-level value',
};

/**
 * Reads one JSON value and reports each token with where it begins and ends in the text. Throws a `JsonError` at the first place
 * where the text is no JSON, in the words of Go's decoder. It keeps its own stack: deep text cannot exhaust the program's.
 */
export function scanJson(text: string, report: (token: JsonToken, start: number, end: number) => void): void {
  const open: string[] = [];
  let expecting: Expecting = 'value';
  let at = skip(whiteSpace, text, 0);

  while (at < text.length) {
    const start = at;
    const char = text.charAt(at);
    const isClosing = (char === '}' || char === ']') && canClose(open.at(-1), expecting, char);
    if (isClosing) {
      open.pop();
      at += 1;
      report(char, start, at);
      expecting = open.length === 0 ? 'end' : 'comma';
    } else {
      switch (expecting) {
        case 'key':
        case 'first key':
          if (char !== '"') throw invalid(text, at, wanted.key);
          at = endOfString(text, at);
          report('key', start, at);
          expecting = 'colon';
          break;
        case 'colon':
          if (char !== ':') throw invalid(text, at, wanted.colon);
          at += 1;
          report(':', start, at);
          expecting = 'value';
          break;
        case 'comma':
          if (char !== ',') {
            throw invalid(text, at, open.at(-1) === '{' ? 'after object key:value pair' : 'after array element');
          }
          at += 1;
          report(',', start, at);
          expecting = open.at(-1) === '{' ? 'key' : 'value';
          break;
        case 'end':
          throw invalid(text, at, wanted.end);
        case 'value':
        case 'first value':
          if (char === '{' || char === '[') {
            if (open.length === maxDepth) throw new JsonError('exceeded max depth', text, at);
            open.push(char);
            at += 1;
            report(char, start, at);
            expecting = char === '{' ? 'first key' : 'first value';
          } else {
            at = endOfScalar(text, at, report);
            expecting = open.length === 0 ? 'end' : 'comma';
          }
          break;
        default:
          expecting satisfies never;
      }
    }
    at = skip(whiteSpace, text, at);
  }
  if (expecting !== 'end') throw unexpectedEnd(text);
}

const canClose = (opened: string | undefined, expecting: Expecting, char: string): boolean =>
  char === '}'
    ? opened === '{' && (expecting === 'comma' || expecting === 'first key')
    : opened === '[' && (expecting === 'comma' || expecting === 'first value');

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}

function endOfScalar(text: string, at: number, report: (token: JsonToken, start: number, end: number) => void): number {
  const char = text.charAt(at);
  if (char === '"') return tell('string', endOfString(text, at));
  if (char === '-' || isDigit(char)) return tell('number', endOfNumber(text, at));
  const literal = ['true', 'false', 'null'].find((word) => word.startsWith(char));
  if (literal === undefined) throw invalid(text, at, wanted.value);
  return tell('literal', endOfLiteral(text, at, literal));

  function tell(token: JsonToken, end: number): number {
    report(token, at, end);
    return end;
  }
}

function endOfString(text: string, start: number): number {
  let at = skip(stringRun, text, start + 1);
  while (text.charAt(at) === '\\') {
    const escape = text.charAt(at + 1);
    at += 2;
    if (escape === 'u') {
      for (const end = at + 4; at < end; at += 1) {
        if (!/^[\da-f]$/i.test(text.charAt(at))) throw invalid(text, at, 'in \\u hexadecimal character escape');
      }
    } else if (escape === '' || !'"\\/bfnrt'.includes(escape)) throw invalid(text, at - 1, 'in string escape code');
    at = skip(stringRun, text, at);
  }
  if (text.charAt(at) !== '"') throw invalid(text, at, 'in string literal');
  return at + 1;
}

function endOfNumber(text: string, start: number): number {
  let at = text.charAt(start) === '-' ? start + 1 : start;
  if (!isDigit(text.charAt(at))) throw invalid(text, at, 'in numeric literal');
  at = text.charAt(at) === '0' ? at + 1 : digits(at);
  if (text.charAt(at) === '.') {
    if (!isDigit(text.charAt(at + 1))) throw invalid(text, at + 1, 'after decimal point in numeric literal');
    at = digits(at + 1);
  }
  if (!/^[eE]$/.test(text.charAt(at))) return at;
  at += /^[+-]$/.test(text.charAt(at + 1)) ? 2 : 1;
  if (!isDigit(text.charAt(at))) throw invalid(text, at, 'in exponent of numeric literal');
  return digits(at);

  function digits(from: number): number {
    let end = from;
    while (isDigit(text.charAt(end))) end += 1;
    return end;
  }
}

function endOfLiteral(text: string, start: number, literal: string): number {
  for (let index = 1; index < literal.length; index += 1) {
    if (text.charAt(start + index) !== literal.charAt(index)) {
      throw invalid(text, start + index, `in literal ${literal} (expecting '${literal.charAt(index)}')`);
    }
  }
  return start + literal.length;
}

const isDigit = (char: string): boolean => char >= '0' && char <= '9';

function invalid(text: string, at: number, context: string): JsonError {
  if (at >= text.length) return unexpectedEnd(text);
  return new JsonError(
    `invalid character ${quote(String.fromCodePoint(text.codePointAt(at) ?? 0))} ${context}`,
    text,
    at,
  );
}

const unexpectedEnd = (text: string): JsonError => new JsonError('unexpected end of JSON input', text, text.length);

const named: Readonly<Record<string, string>> = { "'": "\\'", '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const quote = (char: string): string =>
  `'${named[char] ?? (char < ' ' ? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}` : char)}'`;
