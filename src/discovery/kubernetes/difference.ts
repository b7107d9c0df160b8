import { recordJson } from '../record-json.ts';
import type { Node, RegistryEvent, ServiceRecord } from '../registry.ts';
import { same } from '../versions.ts';

/** One node, as one pod tells of it. */
export interface Entry {
  readonly pod: string;
  /** The record it came in. */
  readonly record: ServiceRecord;
  readonly node: Node;
}

/** Finds out what a change comes to: nodes are noted before it, and looked at again after it. */
export interface Difference {
  note(name: string, id: string): void;
  /** First what came and changed, then what went: a service that moves is never without a node. One event a record. */
  events(): readonly RegistryEvent[];
}

/** `current` gives a node as it is at the moment. */
export function newDifference(current: (name: string, id: string) => Entry | undefined): Difference {
  const noted = new Map<string, Map<string, Entry | undefined>>();
  const heads = new Map<ServiceRecord, string>();
  const headOf = (record: ServiceRecord): string => {
    const head = heads.get(record) ?? recordJson({ ...record, nodes: [] });
    heads.set(record, head);
    return head;
  };

  return {
    note(name, id) {
      const ids = noted.get(name) ?? new Map<string, Entry | undefined>();
      if (!ids.has(id)) noted.set(name, ids.set(id, current(name, id)));
    },
    events() {
      const groups = { create: newGroup(), update: newGroup(), delete: newGroup() };
      for (const [name, ids] of noted) {
        for (const [id, was] of ids) {
          const is = current(name, id);
          if (is === undefined) {
            if (was !== undefined) put(groups.delete, was);
          } else if (was === undefined) put(groups.create, is);
          else if (headOf(was.record) !== headOf(is.record) || !same(was.node, is.node)) put(groups.update, is);
        }
      }
      return (['create', 'update', 'delete'] as const).flatMap((action) =>
        [...groups[action]].map(([record, nodes]) => ({ action, service: { ...record, nodes } })),
      );
    },
  };
}

type Group = Map<ServiceRecord, Node[]>;

const newGroup = (): Group => new Map();

function put(group: Group, { record, node }: Entry): void {
  const nodes = group.get(record);
  if (nodes === undefined) group.set(record, [node]);
  else nodes.push(node);
}
