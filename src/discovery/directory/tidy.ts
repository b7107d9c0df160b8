import type { Versions } from '../directory.ts';
import type { Endpoint, Metadata, Node, ServiceRecord } from '../registry.ts';
import { byVersion } from '../versions.ts';
import { equal } from './equal.ts';
import { newestFirst } from './newest.ts';

type Records = readonly ServiceRecord[];

/**
 * The records of one service as the directory keeps them: one a version, the newest first, with nodes by id. What did not change since
 * `before` is the very same object, up to the whole list, and what is equal is there once: ten thousand services are mostly repetition.
 */
export function tidy(records: Records, before: Versions): Versions {
  const running = records.filter(({ nodes }) => nodes.length > 0);
  const distinct =
    new Set(running.map(({ version }) => version)).size === running.length ? running : byVersion(running);
  const pool = newPool(before);
  const next = distinct.map((record) => renewed(record, before, pool));
  if (next.length > 1) next.sort((one, other) => newestFirst(one.version, other.version));
  return next.length === before.length && next.every((record, at) => record === before[at]) ? before : next;
}

function renewed(record: ServiceRecord, before: Versions, pool: Pool): ServiceRecord {
  const old = before.find(({ version }) => version === record.version);
  const nodes = renewedNodes(record.nodes, old?.nodes ?? [], pool);
  const endpoints = pool.endpoints(record.endpoints);
  const metadata = pool.metadata(record.metadata);
  if (old !== undefined && nodes === old.nodes && endpoints === old.endpoints && metadata === old.metadata) return old;
  return { name: old?.name ?? record.name, version: record.version, metadata, endpoints, nodes };
}

function renewedNodes(nodes: readonly Node[], before: readonly Node[], pool: Pool): readonly Node[] {
  const known = before.length > 0 ? new Map(before.map((node) => [node.id, node])) : undefined;
  const next = sortedById(nodes).map(({ id, address, metadata }): Node => {
    const old = known?.get(id);
    const shared = pool.metadata(metadata);
    return old?.address === address && old.metadata === shared ? old : { id, address, metadata: shared };
  });
  return next.length === before.length && next.every((node, at) => node === before[at]) ? before : next;
}

function sortedById(nodes: readonly Node[]): readonly Node[] {
  for (let at = 1; at < nodes.length; at += 1) {
    if ((nodes[at - 1]?.id ?? '') >= (nodes[at]?.id ?? ''))
      return [...new Map(nodes.map((node) => [node.id, node])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
  return nodes;
}

/** What of a service is there already, to be used again. */
interface Pool {
  metadata(metadata: Metadata): Metadata;
  endpoints(endpoints: readonly Endpoint[]): readonly Endpoint[];
}

function newPool(before: Versions): Pool {
  const endpointLists = [...new Set(before.map(({ endpoints }) => endpoints))];
  let byText: Map<string, Metadata> | undefined;
  let last: Metadata | undefined = before[0]?.nodes[0]?.metadata;

  const texts = (): Map<string, Metadata> => {
    const all = before.flatMap(({ metadata, nodes }) => [metadata, ...nodes.map((node) => node.metadata)]);
    return new Map([...new Set(all)].map((metadata) => [textOf(metadata), metadata]));
  };

  return {
    metadata(metadata) {
      // Nearly always nodes are as their neighbours.
      if (last !== undefined && equal(last, metadata)) return last;
      byText ??= texts();
      const text = textOf(metadata);
      const known = byText.get(text);
      if (known === undefined) byText.set(text, metadata);
      last = known ?? metadata;
      return last;
    },
    endpoints(endpoints) {
      const known = endpointLists.find((each) => equal(each, endpoints));
      if (known !== undefined) return known;
      endpointLists.push(endpoints);
      return endpoints;
    },
  };
}

const textOf = (metadata: Metadata): string =>
  JSON.stringify(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
