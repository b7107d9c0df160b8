import type { Head } from './http2.ts';

/** A list of fields as it came, looked at once, whatever it turns out to be. */
export interface Heading {
  readonly head: Head;
  /** Why no message may begin like this, nor end. */
  readonly problem: string | undefined;
  readonly isTooLarge: boolean;
  /** It has names with a colon. */
  readonly hasPseudo: boolean;
  /** As `content-length` says. */
  readonly length: number | undefined;
}

const token = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const control = /[\0\r\n]/;
const pseudo = new Set([':method', ':scheme', ':path', ':authority', ':status', ':protocol']);
/** They speak of one connection, and HTTP/2 has its own words for it. */
const ofConnection = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Names that were looked at before, as most are. */
const good = new Set<string>();
const maxGood = 1024;
const maxGoodLength = 64;

/** Reads a list of fields. */
export function readHeading(fields: string[], isTooLarge: boolean): Heading {
  const head: Record<string, string | undefined> = Object.create(null);
  let problem: string | undefined;
  let hasPseudo = false;
  let hasRegular = false;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const value = fields[at + 1] ?? '';
    if (!good.has(name)) problem ??= learn(name);
    if (control.test(value)) problem ??= `the value of ${name} has a line break`;
    const isPseudo = name.charCodeAt(0) === colon;
    if (isPseudo && hasRegular) problem ??= `${name} comes too late`;
    const before = head[name];
    if (before === undefined) head[name] = value;
    else if (isPseudo) problem ??= `${name} comes twice`;
    else head[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
    hasPseudo ||= isPseudo;
    hasRegular ||= !isPseudo;
  }
  const { te, 'content-length': length } = head;
  if (te !== undefined && te !== 'trailers') problem ??= `te says ${JSON.stringify(te)}`;
  if (length !== undefined && !/^\d{1,15}$/.test(length)) problem ??= 'content-length is no length';
  return { head, problem, isTooLarge, hasPseudo, length: length === undefined ? undefined : Number(length) };
}

const colon = ':'.charCodeAt(0);

/** What is wrong with a name; undefined when nothing is. */
function learn(name: string): string | undefined {
  if (!token.test(name)) return `${JSON.stringify(name)} is no name of a field`;
  if (ofConnection.has(name)) return `${name} does not belong into HTTP/2`;
  if (name.startsWith(':') && !pseudo.has(name)) return `${name} is no pseudo-header`;
  if (good.size < maxGood && name.length <= maxGoodLength) good.add(name);
  return undefined;
}

/** What is wrong with the head of a request. */
export function requestProblem({ head, problem }: Heading): string | undefined {
  if (problem !== undefined) return problem;
  if (head[':status'] !== undefined) return 'a request has no status';
  const { ':method': method = '', ':scheme': scheme = '', ':path': path = '' } = head;
  return method === '' || scheme === '' || path === '' ? 'a request needs a method, a scheme and a path' : undefined;
}

/** What is wrong with the head of an answer. */
export function answerProblem({ head, problem }: Heading): string | undefined {
  if (problem !== undefined) return problem;
  const { ':status': status = '', ':method': method, ':path': path, ':scheme': scheme, ':authority': authority } = head;
  if ((method ?? path ?? scheme ?? authority) !== undefined) return 'an answer has no method and no path';
  return /^\d{3}$/.test(status) ? undefined : 'an answer needs a status';
}

/** What is wrong with trailers. */
export const trailersProblem = ({ problem, hasPseudo }: Heading): string | undefined =>
  problem ?? (hasPseudo ? 'trailers have no pseudo-headers' : undefined);
