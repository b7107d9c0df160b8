import { type Head, type Part, recordOf } from '../record-lazy.ts';
import type { Node, ServiceRecord } from '../registry.ts';

/** One version of a service while it is put together. */
interface Version {
  readonly head: Head;
  readonly nodes: Node[];
  /** False once a node came that does not follow the one before it. */
  isSorted: boolean;
}

/** Puts records together that come with a node each. */
export interface Assembly {
  add(part: Part): void;
  /**
   * One record a version. Sorted by name and version, the nodes by id. Of an id that comes twice the later one counts; endpoints and metadata
   * are those of the first record. etcd gives them nearly sorted, so hardly anything has to be moved.
   */
  records(): readonly ServiceRecord[];
}

export function newAssembly(): Assembly {
  const versions: Version[] = [];
  let current: Version | undefined;
  return {
    add({ head, nodes }) {
      if (current === undefined || !isSame(current.head, head)) {
        current = { head, nodes: [], isSorted: true };
        versions.push(current);
      }
      add(current, nodes);
    },
    records: () =>
      joined(versions).map(({ head, nodes, isSorted }) => recordOf({ head, nodes: isSorted ? nodes : sorted(nodes) })),
  };
}

const isSame = (one: Head, other: Head): boolean =>
  one === other || (one.name === other.name && one.version === other.version);

function add(version: Version, nodes: readonly Node[]): void {
  for (const node of nodes) {
    const before = version.nodes.at(-1);
    if (before !== undefined && before.id >= node.id) version.isSorted = false;
    version.nodes.push(node);
  }
}

/** In their order, and what was interrupted by another version in one piece again. */
function joined(versions: readonly Version[]): readonly Version[] {
  if (versions.every(({ head }, at) => at === 0 || order(versions[at - 1]?.head ?? head, head) < 0)) return versions;
  const whole: Version[] = [];
  for (const version of versions.toSorted((one, other) => order(one.head, other.head))) {
    const before = whole.at(-1);
    if (before !== undefined && isSame(before.head, version.head)) add(before, version.nodes);
    else whole.push(version);
  }
  return whole;
}

const order = (one: Head, other: Head): number => compare(one.name, other.name) || compare(one.version, other.version);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function sorted(nodes: readonly Node[]): readonly Node[] {
  return [...new Map(nodes.map((node) => [node.id, node])).values()].sort((one, other) => compare(one.id, other.id));
}
