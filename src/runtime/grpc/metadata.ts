import type { Metadata } from '../../discovery/registry.ts';
import type { Head } from '../http2/http2.ts';
import { canonicalName } from '../metadata.ts';
import { TransportError } from '../transport/transport.ts';

// What belongs to HTTP/2 or to gRPC itself: metadata of these names would say something about the message that is not true.
const reserved = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'timeout',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-content-type',
]);

const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const known = new Map<string, string | undefined>();
const maxKnown = 2048;

/** The lower-case name of a piece of metadata; undefined for names that metadata must not have. Throws a `TransportError` (`invalid`) for what is no name. */
function nameOf(key: string): string | undefined {
  if (known.has(key)) return known.get(key);
  const lower = key.toLowerCase();
  const keep = !lower.startsWith(':') && !lower.startsWith('grpc-') && !reserved.has(lower);
  if (keep && !token.test(lower)) throw new TransportError('invalid', `${JSON.stringify(key)} is no name for metadata`);
  const name = keep ? lower : undefined;
  if (known.size >= maxKnown) known.clear();
  known.set(key, name);
  return name;
}

const printable = /^[\x20-\x7e\t]*$/;
/** Peers break a call off that has them. */
const control = /[\0-\x08\x0a-\x1f\x7f]/;
const base64 = /^[A-Za-z0-9+/,= ]*$/;

/**
 * Adds metadata to the fields of a request, in place of what has the same name there. Text travels as UTF-8, without spaces around it. The
 * value of a name that ends in `-bin` is base64 text, here as on the wire. Throws a `TransportError` (`invalid`) for what cannot be written.
 */
export function writeMetadata(fields: string[], metadata: Metadata): void {
  for (const key of Object.keys(metadata)) {
    const name = nameOf(key);
    const value = metadata[key];
    if (name === undefined || value === undefined) continue;
    if (name.endsWith('-bin') && !base64.test(value)) {
      throw new TransportError('invalid', `the value of ${key} must be base64: its name ends in -bin`);
    }
    setField(fields, name, printable.test(value) ? value.trim() : bytesOf(key, value));
  }
}

function setField(fields: string[], name: string, value: string): void {
  for (let at = 0; at < fields.length; at += 2) {
    if (fields[at] !== name) continue;
    fields[at + 1] = value;
    return;
  }
  fields.push(name, value);
}

/** Fields are bytes, one a character. */
function bytesOf(key: string, value: string): string {
  if (control.test(value)) throw new TransportError('invalid', `the value of ${key} has a line break or the like`);
  // Other white space is text, and half of some letters.
  return Buffer.from(value)
    .toString('latin1')
    .replace(/^[ \t]+|[ \t]+$/g, '');
}

const own = new Set(['te', 'timeout', 'x-content-type', ':method', ':path', ':scheme']);

/** What the handler finds in its context: everything that came, under canonical names, without what gRPC and the runtime said about the call. */
export function readMetadata(head: Head): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const key of Object.keys(head)) {
    if (own.has(key) || key.startsWith('grpc-')) continue;
    const value = head[key];
    if (value !== undefined) metadata[canonicalName(key)] = textOf(value);
  }
  return metadata;
}

const textOf = (value: string): string => (printable.test(value) ? value : Buffer.from(value, 'latin1').toString());
