import { deflateSync, inflateSync } from 'node:zlib';
import { members } from '../members.ts';
import { type Node, RegistryError, type ServiceRecord, type Value } from '../registry.ts';

/** More than any real record, less than what a packet made of zeros would inflate to. */
const maxJsonBytes = 1 << 20;
const pieceLength = 255;

/** A record with one node as the strings of a TXT record: JSON, compressed, in hex, cut in pieces. Service metadata does not travel. */
export function writeText(service: ServiceRecord, node: Node): readonly string[] {
  const json = JSON.stringify({
    Service: service.name,
    Version: service.version,
    Endpoints: service.endpoints.map(({ name, request, response, metadata }) => ({
      name,
      request: asGo(request),
      response: asGo(response),
      metadata,
    })),
    Metadata: node.metadata,
  });
  const hex = deflateSync(json).toString('hex');
  return Array.from({ length: Math.ceil(hex.length / pieceLength) }, (_, piece) =>
    hex.slice(piece * pieceLength, (piece + 1) * pieceLength),
  );
}

/** Checks JSON that claims to be a record. Throws `invalid`. */
export type Parse = (json: unknown) => ServiceRecord;

/** Reads what `writeText` or Go wrote; `place` gives the node's id and address. Throws `invalid` for anything else. */
export function readText(
  hex: string,
  place: (service: string) => Pick<Node, 'id' | 'address'>,
  parse: Parse,
): ServiceRecord {
  const json = members(parsed(hex));
  const { service, version, endpoints, metadata } = (json ?? {}) as Readonly<Record<string, unknown>>;
  const node = typeof service === 'string' ? { ...place(service), metadata } : undefined;
  return parse({ name: service, version, endpoints, nodes: node === undefined ? [] : [node] });
}

function parsed(hex: string): unknown {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(hex)) throw new RegistryError('invalid', 'its text is not hex');
  try {
    return JSON.parse(inflateSync(Buffer.from(hex, 'hex'), { maxOutputLength: maxJsonBytes }).toString());
  } catch (error) {
    throw new RegistryError('invalid', 'its text is not compressed JSON, or more than a megabyte of it', {
      cause: error,
    });
  }
}

const asGo = (value: Value | undefined): unknown =>
  value === undefined
    ? null
    : { name: value.name, type: value.type, values: value.values.length === 0 ? null : value.values.map(asGo) };
