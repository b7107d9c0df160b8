import { z } from 'zod';
import type { ServiceRecord } from '../registry.ts';
import { join } from './registration.ts';
import { newTagReader } from './tags.ts';

/** The nodes of one service, as Consul tells of them. */
export interface Entries {
  /** Who is not critical, by node id: records of one node each. */
  readonly records: ReadonlyMap<string, ServiceRecord>;
  /** The machines of all its nodes, also of the critical ones. */
  readonly hosts: ReadonlySet<string>;
}

export type ReadEntries = (name: string, json: readonly unknown[]) => Entries;

/** Told of what is left out. `key` is the same when it is the same thing. */
export type OnBroken = (what: string, key: string, fields: Readonly<Record<string, unknown>>) => void;

const text = z.string();
/** Consul leaves out some of what is empty. */
const shape = z.object({
  Node: z.object({ Node: text, Address: text.default('') }),
  Service: z.object({
    ID: text.min(1),
    Service: text,
    Tags: z.array(text).nullish(),
    Address: text.default(''),
    Port: z.number().default(0),
    ModifyIndex: z.number().default(0),
  }),
  Checks: z.array(z.object({ Status: text })).nullish(),
});
type Entry = z.infer<typeof shape>;

export function newEntryReader(onBroken: OnBroken): ReadEntries {
  const readTags = newTagReader();

  const parsed = (name: string, json: unknown): readonly Entry[] => {
    const { data, error } = shape.safeParse(json);
    if (data === undefined) onBroken('an unreadable node', `${name} ${error.message}`, { service: name, error });
    // The name is asked for with regard to case, which Consul has none for.
    return data === undefined || data.Service.Service !== name ? [] : [data];
  };

  const recordOf = ({ Node, Service: { ID, Service, Tags, Address, Port } }: Entry): ServiceRecord => {
    const { version, metadata, endpoints } = readTags(Tags ?? [], (tag, error) =>
      onBroken('an unreadable tag', `${Service} ${tag}`, { service: Service, node: ID, tag: tag.slice(0, 100), error }),
    );
    const address = join(Address === '' ? Node.Address : Address, Port);
    return { name: Service, version, metadata: {}, endpoints, nodes: [{ id: ID, address, metadata }] };
  };

  return (name, json) => {
    const entries = json.flatMap((each) => parsed(name, each));
    const alive = entries.filter(({ Checks }) => !(Checks ?? []).some(({ Status }) => Status === 'critical'));
    // A node that went to another agent may be known of two of them for a while: the later one is right.
    const inOrder = alive.toSorted((a, b) => a.Service.ModifyIndex - b.Service.ModifyIndex);
    return {
      records: new Map(inOrder.map((entry) => [entry.Service.ID, recordOf(entry)])),
      hosts: new Set(entries.map(({ Node }) => Node.Node)),
    };
  };
}
