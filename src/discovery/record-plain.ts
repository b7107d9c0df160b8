import type { Endpoint, Metadata, Node, ServiceRecord, Value } from './registry.ts';

// One spelling and one shape, go-micro's own, at a fraction of the time that all others take. For whatever differs the answer is undefined.

type Members = Readonly<Record<string, unknown>>;

/** The object, if it has no members but these. */
function only(names: ReadonlySet<string>, json: unknown): Members | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  for (const name in json) if (!names.has(name)) return undefined;
  return json as Members;
}

const recordMembers = new Set(['name', 'version', 'metadata', 'endpoints', 'nodes']);
const endpointMembers = new Set(['name', 'request', 'response', 'metadata']);
const valueMembers = new Set(['name', 'type', 'values']);
const nodeMembers = new Set(['id', 'address', 'metadata']);

export function plainRecord(json: unknown): ServiceRecord | undefined {
  const members = only(recordMembers, json);
  if (members === undefined) return undefined;
  const { name, version } = members;
  const metadata = plainMetadata(members['metadata']);
  const endpoints = plainList(members['endpoints'], plainEndpoint);
  const nodes = plainNodes(members['nodes']);
  if (typeof name !== 'string' || name === '' || typeof version !== 'string') return undefined;
  if (metadata === undefined || endpoints === undefined || nodes === undefined) return undefined;
  return { name, version, metadata, endpoints, nodes };
}

function plainEndpoint(json: unknown): Endpoint | undefined {
  const members = only(endpointMembers, json);
  if (members === undefined) return undefined;
  const { name } = members;
  const request = plainValue(members['request'], 1);
  const response = plainValue(members['response'], 1);
  const metadata = plainMetadata(members['metadata']);
  if (typeof name !== 'string' || name === '' || metadata === undefined) return undefined;
  if (request === undefined || response === undefined) return undefined;
  return { name, request: request ?? undefined, response: response ?? undefined, metadata };
}

/** Deeper ones are cut off, which is not our business. */
const maxDepth = 8;

/** Null stands for itself. */
function plainValue(json: unknown, depth: number): Value | null | undefined {
  if (json === null) return null;
  const members = depth > maxDepth ? undefined : only(valueMembers, json);
  if (members === undefined) return undefined;
  const { name, type } = members;
  const values = plainList(members['values'], (each) => plainValue(each, depth + 1) ?? undefined);
  if (typeof name !== 'string' || typeof type !== 'string' || values === undefined) return undefined;
  return { name, type, values };
}

export const plainNodes = (json: unknown): readonly Node[] | undefined => plainList(json, plainNode);

function plainNode(json: unknown): Node | undefined {
  const members = only(nodeMembers, json);
  if (members === undefined) return undefined;
  const { id, address } = members;
  const metadata = plainMetadata(members['metadata']);
  if (typeof id !== 'string' || id === '' || typeof address !== 'string' || address === '') return undefined;
  return metadata === undefined ? undefined : { id, address, metadata };
}

const none: readonly never[] = [];

function plainList<T>(json: unknown, plain: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (json === null || json === undefined) return none;
  if (!Array.isArray(json)) return undefined;
  const items: T[] = [];
  for (const each of json) {
    const item = plain(each);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

const empty: Metadata = {};

export function plainMetadata(json: unknown): Metadata | undefined {
  if (json === null || json === undefined) return empty;
  if (typeof json !== 'object' || Array.isArray(json)) return undefined;
  for (const name in json) {
    if (typeof (json as Members)[name] !== 'string' || name === '__proto__') return undefined;
  }
  return json as Metadata;
}
