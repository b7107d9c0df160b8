import { randomUUID } from 'node:crypto';
import { Memory } from './memory-of-bytes.ts';
import { parseRecord } from './record.ts';
import { type Body, bodyOf, matchBeginning } from './record-body.ts';
import { type Head, type Part, partOf } from './record-lazy.ts';
import { plainMetadata, plainNodes, plainRecord } from './record-plain.ts';
import { type Metadata, type Node, RegistryError } from './registry.ts';

/** Reads the JSON of a record, in UTF-8, from `start` to `end`. Throws `invalid` with a sentence. */
export type ReadRecord = (bytes: Buffer, start: number, end: number) => Part;

// What Go writes, in parts:
//   {"name":"greeter","version":"1.0.0"  ,"metadata":null,"endpoints":[…]  ,"nodes":  [{"id":"a","address":"b"  ,"metadata":{…}}]}
//   title                                body                                         list                      tail
// Inside a string of JSON the quotes that the parts begin with would be escaped.
const metadataMember = Buffer.from(',"metadata":');
const nodesMember = Buffer.from(',"nodes":');
const ending = Buffer.from('}]}');

/** No record has this name: one whose body speaks of another name is none that can be read in parts. */
const nobody = randomUUID();

/** Strings in which nothing had to be escaped. */
const plainTitle = /^\{"name":"([^"\\\u0000-\u001f]+)","version":"([^"\\\u0000-\u001f]*)"$/;
const plainList = /^\[\{"id":"([^"\\\u0000-\u001f]+)","address":"([^"\\\u0000-\u001f]+)"$/;
const nameAt = '{"name":"'.length;

/**
 * Reads many records, as `parseRecord` would, in a fraction of its time as long as they look like go-micro's. The nodes of a service differ
 * in a few words, and those of many services are described alike: what the last records had in common is not read again, and shared.
 */
export function newRecordReader(): ReadRecord {
  const head = new Memory<Head>();
  const body = new Memory<Body>();
  const tail = new Memory<Metadata>();
  let described: { readonly metadata: string; readonly endpoints: string; readonly body: Body } | undefined;

  /** Everything until the nodes, and where they begin. The endpoints are not read yet. */
  const beginning = (bytes: Buffer, start: number, end: number): readonly [Head, number] | undefined => {
    const found = matchBeginning(bytes.toString('latin1', start, end));
    if (found === undefined) return undefined;
    if (described?.endpoints !== found.endpoints || described.metadata !== found.metadata) {
      const meaning = bodyOf(found);
      described = meaning === undefined ? undefined : { ...found, body: meaning };
    }
    if (described === undefined) return undefined;
    // As a part of the whole text the name would keep all of it.
    const name = bytes.toString('latin1', start + nameAt, start + nameAt + found.name.length);
    return [{ name, version: found.version, body: described.body }, start + found.length];
  };

  const otherBeginning = (bytes: Buffer, start: number, end: number): readonly [Head, number] | undefined => {
    const nodesAt = bytes.indexOf(nodesMember, start);
    const bodyAt = bytes.indexOf(metadataMember, start);
    if (bodyAt < 0 || nodesAt < bodyAt || nodesAt >= end) return undefined;
    const [, name, version] = plainTitle.exec(bytes.toString('utf8', start, bodyAt)) ?? [];
    if (name === undefined || version === undefined) return undefined;
    if (!body.isAt(bytes, bodyAt, nodesAt)) body.set(bytes, bodyAt, nodesAt, readBody(bytes, bodyAt, nodesAt));
    return body.meaning === undefined
      ? undefined
      : [{ name, version, body: body.meaning }, nodesAt + nodesMember.length];
  };

  const inParts = (bytes: Buffer, start: number, end: number): Part | undefined => {
    if (!head.isAt(bytes, start, Math.min(end, start + head.length))) {
      const [found, nodesAt = start] = beginning(bytes, start, end) ?? otherBeginning(bytes, start, end) ?? [];
      head.set(bytes, start, nodesAt, found);
    }
    if (head.meaning === undefined) return undefined;
    const from = start + head.length;
    if (!tail.isAt(bytes, Math.max(from, end - tail.length), end)) {
      const at = bytes.lastIndexOf(metadataMember, end - ending.length);
      tail.set(bytes, at < from ? end : at, end, at < from ? undefined : readTail(bytes, at, end));
    }
    const nodes = nodesOf(bytes, from, end, tail);
    return nodes === undefined ? undefined : { head: head.meaning, nodes };
  };

  return (bytes, start, end) => {
    const part = inParts(bytes, start, end);
    if (part !== undefined) return part;
    const whole = parsed(bytes.toString('utf8', start, end));
    if (whole === broken) throw new RegistryError('invalid', 'The service record is not valid: it is no JSON');
    return partOf(plainRecord(whole) ?? parseRecord(whole));
  };
}

function readBody(bytes: Buffer, start: number, end: number): Body | undefined {
  const title = `{"name":"${nobody}","version":"${nobody}"`;
  const record = plainRecord(parsed(`${title}${bytes.toString('utf8', start, end)}}`));
  if (record?.name !== nobody || record.version !== nobody || record.nodes.length > 0) return undefined;
  const { metadata, endpoints } = record;
  return { metadata, endpoints: () => endpoints };
}

/** The metadata of the last node, and the end. */
function readTail(bytes: Buffer, at: number, end: number): Metadata | undefined {
  if (ending.compare(bytes, end - ending.length, end) !== 0) return undefined;
  return plainMetadata(parsed(bytes.toString('utf8', at + metadataMember.length, end - ending.length)));
}

function nodesOf(bytes: Buffer, from: number, end: number, tail: Memory<Metadata>): readonly Node[] | undefined {
  const { meaning: metadata } = tail;
  if (metadata === undefined)
    return plainNodes(bytes[end - 1] === closing ? parsed(bytes.toString('utf8', from, end - 1)) : broken);
  const list = bytes.toString('utf8', from, end - tail.length);
  const [, id, address] = plainList.exec(list) ?? [];
  if (id !== undefined && address !== undefined) return [{ id, address, metadata }];
  const nodes = plainNodes(parsed(`${list}}]`));
  const last = nodes?.at(-1);
  return nodes === undefined || last === undefined ? undefined : [...nodes.slice(0, -1), { ...last, metadata }];
}

const closing = '}'.charCodeAt(0);

/** What is no JSON. Not `undefined`: a member that is missing would look like it. */
const broken = Symbol('no JSON');

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return broken;
  }
}
