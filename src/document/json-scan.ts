import { JsonError } from './json-error.ts';

/** A piece of JSON text: punctuation, or a whole string, number, `true`, `false` or `null`. White space is no token. */
export type JsonToken = '{' | '}' | '[' | ']' | ':' | ',' | 'key' | 'string' | 'number' | 'literal';

/** As deep as Go's decoder goes: deeper text is refused there, too. */
const maxDepth = 10_000;

type Expecting = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma' | 'end';

const wanted: Readonly<Record<Exclude<Expecting, 'comma'>, string>> = {
  value: 'looking for beginning of value',
  'first value': 'looking for beginning of value',
  key: 'looking for beginning of object key string',
  'first key': 'looking for beginning of object key string',
  colon: 'after object key',
  end: 'after top-level value',
};

/** Told of each token, with where it begins and ends in the text. */
export type ReportJson = (token: JsonToken, start: number, end: number) => void;

/**
 * Reads one JSON value and reports each token with where it begins and ends in the text. Throws a `JsonError` at the first place
 * where the text is no JSON, in the words of Go's decoder. It keeps its own stack: deep text cannot exhaust the program's.
 */
export function scanJson(text: string, report: ReportJson): void {
  new JsonScanner(text, report).scan(Number.POSITIVE_INFINITY);
}

/** So many characters are read between two steps. */
const stepCharacters = 32_768;

/** The same in steps, between which it may be put down. */
export function* scanJsonInSteps(text: string, report: ReportJson): Generator<undefined, void, undefined> {
  const scanner = new JsonScanner(text, report);
  while (scanner.scan(stepCharacters)) yield;
}

class JsonScanner {
  readonly #text: string;
  readonly #report: ReportJson;
  readonly #open: ('{' | '[')[] = [];
  #expecting: Expecting = 'value';
  #at = 0;

  constructor(text: string, report: ReportJson) {
    this.#text = text;
    this.#report = report;
  }

  /** Reads on for about so many characters. False: that was all. */
  scan(characters: number): boolean {
    const text = this.#text;
    const until = this.#at + characters;
    let at = afterSpace(text, this.#at);
    while (at < text.length && at < until) at = afterSpace(text, this.#token(at));
    this.#at = at;
    if (at < text.length) return true;
    if (this.#expecting !== 'end') throw unexpectedEnd(text);
    return false;
  }

  /** Reads the token at this place. Returns where it ends. */
  #token(at: number): number {
    const text = this.#text;
    const expecting = this.#expecting;
    const code = text.charCodeAt(at);
    if (
      code === closeBrace
        ? this.#canClose('{', 'first key')
        : code === closeBracket && this.#canClose('[', 'first value')
    ) {
      this.#open.pop();
      this.#report(code === closeBrace ? '}' : ']', at, at + 1);
      this.#expecting = this.#open.length === 0 ? 'end' : 'comma';
      return at + 1;
    }
    switch (expecting) {
      case 'key':
      case 'first key': {
        if (code !== quotes) throw invalid(text, at, wanted.key);
        const end = endOfString(text, at);
        this.#report('key', at, end);
        this.#expecting = 'colon';
        return end;
      }
      case 'colon':
        if (code !== colon) throw invalid(text, at, wanted.colon);
        this.#report(':', at, at + 1);
        this.#expecting = 'value';
        return at + 1;
      case 'comma': {
        const isObject = this.#open.at(-1) === '{';
        if (code !== comma) throw invalid(text, at, isObject ? 'after object key:value pair' : 'after array element');
        this.#report(',', at, at + 1);
        this.#expecting = isObject ? 'key' : 'value';
        return at + 1;
      }
      case 'end':
        throw invalid(text, at, wanted.end);
      case 'value':
      case 'first value':
        return this.#value(at, code);
      default:
        return expecting satisfies never;
    }
  }

  #canClose(opened: '{' | '[', first: Expecting): boolean {
    return this.#open.at(-1) === opened && (this.#expecting === 'comma' || this.#expecting === first);
  }

  #value(at: number, code: number): number {
    const text = this.#text;
    if (code === openBrace || code === openBracket) {
      if (this.#open.length === maxDepth) throw new JsonError('exceeded max depth', text, at);
      const token = code === openBrace ? '{' : '[';
      this.#open.push(token);
      this.#report(token, at, at + 1);
      this.#expecting = code === openBrace ? 'first key' : 'first value';
      return at + 1;
    }
    const token = code === quotes ? 'string' : code === minus || isDigit(code) ? 'number' : 'literal';
    const end = endOf[token](text, at);
    this.#report(token, at, end);
    this.#expecting = this.#open.length === 0 ? 'end' : 'comma';
    return end;
  }
}

const [tab, lineFeed, carriageReturn, space, quotes, plus, comma, minus, dot] = [9, 10, 13, 32, 34, 43, 44, 45, 46];
const [zero, nine, colon, openBracket, backslash, closeBracket, openBrace, closeBrace] = [
  48, 57, 58, 91, 92, 93, 123, 125,
];

function afterSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== space && code !== lineFeed && code !== tab && code !== carriageReturn) break;
  }
  return at;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quotes) return at + 1;
    if (code < space) throw invalid(text, at, 'in string literal');
    if (code === backslash) at = endOfEscape(text, at) - 1;
  }
  throw unexpectedEnd(text);
}

function endOfEscape(text: string, start: number): number {
  const escape = text.charAt(start + 1);
  if (escape !== 'u') {
    if (escape === '' || !'"\\/bfnrt'.includes(escape)) throw invalid(text, start + 1, 'in string escape code');
    return start + 2;
  }
  const end = start + 6;
  for (let at = start + 2; at < end; at += 1) {
    if (!isHexDigit(text.charCodeAt(at))) throw invalid(text, at, 'in \\u hexadecimal character escape');
  }
  return end;
}

function endOfNumber(text: string, start: number): number {
  let at = text.charCodeAt(start) === minus ? start + 1 : start;
  if (!isDigit(text.charCodeAt(at))) throw invalid(text, at, 'in numeric literal');
  at = text.charCodeAt(at) === zero ? at + 1 : digits(at);
  if (text.charCodeAt(at) === dot) {
    if (!isDigit(text.charCodeAt(at + 1))) throw invalid(text, at + 1, 'after decimal point in numeric literal');
    at = digits(at + 1);
  }
  const exponent = text.charCodeAt(at);
  if (exponent !== 69 && exponent !== 101) return at;
  const sign = text.charCodeAt(at + 1);
  at += sign === plus || sign === minus ? 2 : 1;
  if (!isDigit(text.charCodeAt(at))) throw invalid(text, at, 'in exponent of numeric literal');
  return digits(at);

  function digits(from: number): number {
    let end = from;
    while (isDigit(text.charCodeAt(end))) end += 1;
    return end;
  }
}

function endOfLiteral(text: string, start: number): number {
  const literal = literals.find((word) => word.startsWith(text.charAt(start)));
  if (literal === undefined) throw invalid(text, start, wanted.value);
  for (let index = 1; index < literal.length; index += 1) {
    if (text.charCodeAt(start + index) !== literal.charCodeAt(index)) {
      throw invalid(text, start + index, `in literal ${literal} (expecting '${literal.charAt(index)}')`);
    }
  }
  return start + literal.length;
}

const literals = ['true', 'false', 'null'] as const;
const endOf = { string: endOfString, number: endOfNumber, literal: endOfLiteral } as const;

const isDigit = (code: number): boolean => code >= zero && code <= nine;

const isHexDigit = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);

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
