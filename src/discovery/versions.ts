import type { Node, ServiceRecord } from './registry.ts';

/** One record a version: nodes of the same version come together, a later node replaces an earlier one of the same id. */
export function byVersion(records: readonly ServiceRecord[]): readonly ServiceRecord[] {
  const versions = new Map<string, ServiceRecord>();
  for (const record of records) {
    const known = versions.get(record.version);
    versions.set(
      record.version,
      known === undefined ? record : { ...known, nodes: replaced(known.nodes, record.nodes) },
    );
  }
  return [...versions.values()];
}

/** The records without these nodes; a version that has no node left is gone. */
export function withoutNodes(records: readonly ServiceRecord[], ids: ReadonlySet<string>): readonly ServiceRecord[] {
  return records
    .map((record) => ({ ...record, nodes: record.nodes.filter(({ id }) => !ids.has(id)) }))
    .filter(({ nodes }) => nodes.length > 0);
}

/** Whether two records say the same, whatever the order of their metadata. */
export const same = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b);

function replaced(nodes: readonly Node[], by: readonly Node[]): readonly Node[] {
  const merged = new Map([...nodes, ...by].map((node) => [node.id, node]));
  return [...merged.values()];
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
