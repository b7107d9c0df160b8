import type { AuditRecord, Outcome } from './audit.ts';

export const outcomes: readonly Outcome[] = ['done', 'failed', 'denied', 'cancelled', 'timed out', 'unknown'];

/** The record that a line holds; undefined when it holds none. Whether somebody changed it shows in its hash, not here. */
export function readRecord(line: string): AuditRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isObject(value) && isRecord(value) ? (value as unknown as AuditRecord) : undefined;
}

/** What can be told of a line without reading all of it. */
export interface Glance {
  readonly seq: number;
  readonly at: string;
  readonly kind: AuditRecord['kind'];
  /** The invocation's; undefined in a note. */
  readonly id: string | undefined;
  readonly previous: string;
  /** As it says itself. */
  readonly hash: string;
}

const begin =
  /^\{"seq":([1-9]\d{0,15}),"at":"([^"\\]*)","kind":"(?:(note)|(started|denied|ended)","id":("(?:[^"\\]|\\.)*))"/;
const end = /,"previous":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}$/;
/** As long as what `end` matches. */
const endLength = 153;

/** Undefined for a line that we did not write so. */
export function glance(line: string): Glance | undefined {
  const [, seq, at = '', note, kind, id] = begin.exec(line) ?? [];
  const [, previous, hash] = end.exec(line.slice(-endLength)) ?? [];
  if (seq === undefined || previous === undefined || hash === undefined) return undefined;
  return {
    seq: Number(seq),
    at,
    kind: (note ?? kind) as AuditRecord['kind'],
    id: id === undefined ? undefined : unquoted(id),
    previous,
    hash,
  };
}

const unquoted = (text: string): string => (text.includes('\\') ? (JSON.parse(`${text}"`) as string) : text.slice(1));

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const aboutNames = ['id', 'person', 'input', 'user', 'room', 'command', 'line', 'cause', 'decision'];
const aboutOptional = ['thread', 'message', 'service', 'endpoint', 'version'];

function isRecord(value: Members): boolean {
  if (!Number.isSafeInteger(value['seq']) || !areTexts(value, ['at', 'previous', 'hash'])) return false;
  switch (value['kind']) {
    case 'started':
    case 'denied':
      return (
        areTexts(value, aboutNames) &&
        mayBeTexts(value, aboutOptional) &&
        typeof value['isMasked'] === 'boolean' &&
        (value['approvers'] === undefined || isTexts(value['approvers']))
      );
    case 'ended':
      return (
        areTexts(value, ['id']) &&
        mayBeTexts(value, ['node', 'version', 'error']) &&
        outcomes.some((outcome) => outcome === value['outcome']) &&
        typeof value['durationMs'] === 'number'
      );
    case 'note':
      return (
        areTexts(value, ['what', 'person']) &&
        isObject(value['details']) &&
        Object.values(value['details']).every((each) => typeof each === 'string')
      );
    default:
      return false;
  }
}

const areTexts = (value: Members, names: readonly string[]): boolean =>
  names.every((name) => typeof value[name] === 'string');
const mayBeTexts = (value: Members, names: readonly string[]): boolean =>
  names.every((name) => value[name] === undefined || typeof value[name] === 'string');
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string');
