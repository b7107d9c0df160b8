import { hash } from 'node:crypto';
import { harmless } from '../document/harmless.ts';
import type { About, AuditEvent } from './audit.ts';

/** The end of a chain: what the next record is chained to. */
export interface Head {
  /** Of the last record; 0 when there is none. */
  readonly seq: number;
  /** Of the last record; 64 zeros when there is none. */
  readonly hash: string;
}

/** A record as it stands in a file, without the line break. */
export interface Line extends Head {
  readonly text: string;
}

export const noHead: Head = { seq: 0, hash: '0'.repeat(64) };

/** No member is longer: what is beyond is cut off, with `…` in its place. */
const maxMember = 65_536;
const hashBegin = ',"hash":"';
const hashEnd = '"}';
/** `,"hash":"` and what comes after it. */
const hashMemberLength = hashBegin.length + 64 + hashEnd.length;

const wantsCare = /["\\\u0000-\u001f\u007f-\uffff]/;

/**
 * The record of an event: one line of JSON, its members always in the same order, `hash` the last. The hash is of the line without that
 * member. Nothing in it steers a terminal, so that the file can be looked at as it is.
 */
export function recordLine(event: AuditEvent, before: Head, at: string): Line {
  const seq = before.seq + 1;
  const body = `{"seq":${seq},"at":"${at}","kind":"${event.kind}"${members(event)},"previous":"${before.hash}"`;
  const closed = `${body}}`;
  const own = hash('sha256', closed);
  // To hash it, its many pieces were put together, once: they need not be again.
  return { seq, hash: own, text: closed.slice(0, -1) + hashBegin + own + hashEnd };
}

/** The hash that stands in the line; undefined when the line is not what it was when it was written. */
export function intactHash(line: string): string | undefined {
  const at = line.length - hashMemberLength;
  if (at < 0 || !line.startsWith(hashBegin, at) || !line.endsWith(hashEnd)) return undefined;
  const stated = line.slice(at + hashBegin.length, -hashEnd.length);
  return hashOf(line.slice(0, at)) === stated ? stated : undefined;
}

const hashOf = (body: string): string => hash('sha256', `${body}}`);

function members(event: AuditEvent): string {
  switch (event.kind) {
    case 'started':
    case 'denied':
      return about(event);
    case 'ended':
      return (
        `${member('id', event.id)},"outcome":"${event.outcome}","durationMs":${Number.isFinite(event.durationMs) ? event.durationMs : 0}` +
        optional('node', event.node) +
        optional('version', event.version) +
        optional('error', event.error)
      );
    case 'note':
      return (
        `${member('what', event.what)}${member('person', event.person)},"details":{` +
        Object.entries(event.details)
          .map(([name, value]) => `${quoted(name)}:${quoted(value)}`)
          .join() +
        '}'
      );
    default:
      return event satisfies never;
  }
}

/** One text and not a piece for each member: every command passes here twice. */
const about = (of: About): string =>
  `,"id":${quoted(of.id)},"person":${quoted(of.person)},"input":${quoted(of.input)},"user":${quoted(of.user)},"room":${quoted(of.room)}` +
  optional('thread', of.thread) +
  optional('message', of.message) +
  `,"command":${quoted(of.command)},"line":${quoted(of.line)},"isMasked":${of.isMasked},"cause":${quoted(of.cause)},"decision":${quoted(of.decision)}` +
  (of.approvers === undefined ? '' : `,"approvers":[${of.approvers.map(quoted).join()}]`) +
  optional('service', of.service) +
  optional('endpoint', of.endpoint) +
  optional('version', of.version);

const member = (name: string, value: string): string => `,"${name}":${quoted(value)}`;
const optional = (name: string, value: string | undefined): string => (value === undefined ? '' : member(name, value));

/** Whatever it is that somebody without our types gave: what cannot be written would hold up all that comes after it. */
function quoted(value: string): string {
  const text = typeof value === 'string' ? value : String(value);
  if (text.length > maxMember) return quoted(`${text.slice(0, maxMember - 1)}…`);
  return wantsCare.test(text) ? harmless(JSON.stringify(text)) : `"${text}"`;
}
