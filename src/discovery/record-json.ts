import type { Endpoint, Metadata, Node, ServiceRecord, Value } from './registry.ts';

/**
 * A record as go-micro's servers write it, byte for byte (versions 1 and 2; version 6 orders some members otherwise, which nobody minds):
 * members in the order of their declaration, none left out, `null` where Go has nothing, names of metadata sorted. No line break at the end.
 */
export const recordJson = ({ name, version, metadata, endpoints, nodes }: ServiceRecord): string =>
  `{"name":${text(name)},"version":${text(version)},"metadata":${isEmpty(metadata) ? 'null' : pairs(metadata)},` +
  `"endpoints":${list(endpoints, endpointJson)},"nodes":${list(nodes, nodeJson)}}`;

/** Go's servers give each node and endpoint a map, if an empty one. */
const nodeJson = ({ id, address, metadata }: Node): string =>
  `{"id":${text(id)},"address":${text(address)},"metadata":${pairs(metadata)}}`;

export const endpointJson = ({ name, request, response, metadata }: Endpoint): string =>
  `{"name":${text(name)},"request":${valueJson(request)},"response":${valueJson(response)},"metadata":${pairs(metadata)}}`;

const valueJson = (value: Value | undefined): string =>
  value === undefined
    ? 'null'
    : `{"name":${text(value.name)},"type":${text(value.type)},"values":${list(value.values, valueJson)}}`;

const list = <T>(items: readonly T[], json: (item: T) => string): string =>
  items.length === 0 ? 'null' : `[${items.map(json).join()}]`;

/** By hand: an object of JavaScript puts names that are numbers first. */
const pairs = (metadata: Metadata): string =>
  `{${Object.entries(metadata)
    .toSorted(([a], [b]) => byBytes(a, b))
    .map(([name, value]) => `${text(name)}:${text(value)}`)
    .join()}}`;

const isEmpty = (metadata: Metadata): boolean => Object.keys(metadata).length === 0;

/** In the order of their UTF-8, which is Go's; that of UTF-16 differs beyond its first plane. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** What Go writes otherwise than JavaScript; a pair of backslashes is matched so that its second half begins nothing. */
const different = /\\(?:\\|[bf]|ud[89a-f][0-9a-f]{2})|[<>&\u2028\u2029]/g;

const text = (value: string): string => JSON.stringify(value).replace(different, asGo);

function asGo(found: string): string {
  if (found === '\\\\') return found;
  if (found === '\\b') return '\\u0008';
  if (found === '\\f') return '\\u000c';
  // Half a surrogate pair cannot be sent.
  if (found.length > 1) return '\\ufffd';
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
