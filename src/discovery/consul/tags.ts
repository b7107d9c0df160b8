import { deflateSync, inflateSync } from 'node:zlib';
import { parseRecord } from '../record.ts';
import { endpointJson } from '../record-json.ts';
import type { Endpoint, Metadata, Node, ServiceRecord } from '../registry.ts';

/** What the tags of one node say. */
export interface Told {
  readonly version: string;
  readonly metadata: Metadata;
  readonly endpoints: readonly Endpoint[];
}

/** The tags go-micro gives a node: one for each pair of its metadata, one for each endpoint, one for the version. */
export const writeTags = ({ version, endpoints }: ServiceRecord, { metadata }: Node): readonly string[] => [
  ...Object.entries(metadata).map(([name, value]) => `t-${packed(JSON.stringify({ [name]: value }))}`),
  ...endpoints.map((endpoint) => `e-${packed(endpointJson(endpoint))}`),
  `v-${packed(version)}`,
];

export type ReadTags = (tags: readonly string[], onBroken: (tag: string, error: unknown) => void) => Told;

/** Tags remembered. Nodes of a service are alike: what is known need not be unpacked, and is kept once. */
const maxKnown = 10_000;
/** One tag holds one endpoint at most. */
const maxTagBytes = 1 << 20;

type Kind = 't' | 'e' | 'v';

/** Reads tags, in the packed form (`t-`, `e-`, `v-`) and in that of the first releases (`t=`, …). Of others there may be any. */
export function newTagReader(): ReadTags {
  const known = new Map<string, unknown>();

  const once = <T>(tag: string, read: (content: string) => T): T => {
    const before = known.get(tag);
    if (before !== undefined) return before as T;
    const value = read(contentOf(tag));
    if (known.size >= maxKnown) known.clear();
    known.set(tag, value);
    return value;
  };

  return (tags, onBroken) => {
    const each = <T>(kind: Kind, read: (content: string) => T): readonly T[] => {
      const own = tags.filter((tag) => tag.startsWith(`${kind}-`) || tag.startsWith(`${kind}=`));
      // Who writes both forms says the same twice.
      const form = own[0]?.slice(0, 2) ?? '';
      return own.flatMap((tag) => {
        if (kind !== 'v' && !tag.startsWith(form)) return [];
        try {
          return [once(tag, read)];
        } catch (error) {
          onBroken(tag, error);
          return [];
        }
      });
    };
    return {
      version: each('v', (content) => content)[0] ?? '',
      metadata: Object.assign({}, ...each('t', readMetadata)) as Metadata,
      endpoints: each('e', readEndpoint),
    };
  };
}

const packed = (content: string): string => deflateSync(content).toString('hex');

function contentOf(tag: string): string {
  const content = tag.slice(2);
  if (tag[1] === '=') return content;
  if (!/^(?:[0-9a-f]{2})+$/i.test(content)) throw new Error('it is not hexadecimal');
  return inflateSync(Buffer.from(content, 'hex'), { maxOutputLength: maxTagBytes }).toString();
}

// The reader of records knows what Go puts up with.

const readMetadata = (content: string): Metadata =>
  parseRecord({ name: 'tag', metadata: JSON.parse(content) as unknown }).metadata;

function readEndpoint(content: string): Endpoint {
  const [endpoint] = parseRecord({ name: 'tag', endpoints: [JSON.parse(content) as unknown] }).endpoints;
  if (endpoint === undefined) throw new Error('it has no endpoint');
  return endpoint;
}
