import type { Node, ServiceRecord } from '../registry.ts';

/** One version of a service while it is put together. */
interface Version {
  readonly first: ServiceRecord;
  readonly nodes: Node[];
  /** False once a node came that does not follow the one before it. */
  isSorted: boolean;
}

/**
 * One record a version out of many with a node each. Sorted by name and version, the nodes by id. Of an id that comes twice the later one
 * counts; endpoints and metadata are those of the first record. etcd gives them nearly sorted, so hardly anything has to be moved.
 */
export function assemble(records: readonly ServiceRecord[]): readonly ServiceRecord[] {
  const versions: Version[] = [];
  let current: Version | undefined;
  for (const record of records) {
    if (current === undefined || !isSame(current.first, record)) {
      current = { first: record, nodes: [], isSorted: true };
      versions.push(current);
    }
    add(current, record.nodes);
  }
  return joined(versions).map(({ first, nodes, isSorted }) => ({ ...first, nodes: isSorted ? nodes : sorted(nodes) }));
}

const isSame = (one: ServiceRecord, other: ServiceRecord): boolean =>
  one.name === other.name && one.version === other.version;

function add(version: Version, nodes: readonly Node[]): void {
  for (const node of nodes) {
    const before = version.nodes.at(-1);
    if (before !== undefined && before.id >= node.id) version.isSorted = false;
    version.nodes.push(node);
  }
}

/** In their order, and what was interrupted by another version in one piece again. */
function joined(versions: readonly Version[]): readonly Version[] {
  if (versions.every(({ first }, at) => at === 0 || order(versions[at - 1]?.first ?? first, first) < 0))
    return versions;
  const whole: Version[] = [];
  for (const version of versions.toSorted((one, other) => order(one.first, other.first))) {
    const before = whole.at(-1);
    if (before !== undefined && isSame(before.first, version.first)) add(before, version.nodes);
    else whole.push(version);
  }
  return whole;
}

const order = (one: ServiceRecord, other: ServiceRecord): number =>
  compare(one.name, other.name) || compare(one.version, other.version);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function sorted(nodes: readonly Node[]): readonly Node[] {
  return [...new Map(nodes.map((node) => [node.id, node])).values()].sort((one, other) => compare(one.id, other.id));
}
