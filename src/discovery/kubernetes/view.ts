import type { Node, RegistryEvent, ServiceRecord } from '../registry.ts';
import { recordsIn } from './announcement.ts';
import { type Difference, type Entry, newDifference } from './difference.ts';
import type { Pod } from './pods.ts';

/** What pods say, put together: who is there, and what changes when a pod says something else. */
export interface View {
  /** These are all pods there are. */
  replace(pods: readonly Pod[]): readonly RegistryEvent[];
  put(pod: Pod): readonly RegistryEvent[];
  remove(pod: string): readonly RegistryEvent[];
  /** One record a version, by name, then version, each with its nodes by id. */
  records(): readonly ServiceRecord[];
}

export interface ViewOptions {
  /** Only this slug. Default: all. */
  readonly slug?: string | undefined;
  readonly onBroken: (pod: string, slug: string, error: Error) => void;
}

/** What a pod said under one slug. */
interface Said {
  readonly text: string;
  readonly entries: readonly Entry[];
}

export function newView({ slug: only, onBroken }: ViewOptions): View {
  const said = new Map<string, ReadonlyMap<string, Said>>();
  /** By name of the service and id of the node. Pods that are told the same id share a node; the last by name counts. */
  const nodes = new Map<string, Map<string, readonly Entry[]>>();

  const effective = (name: string, id: string): Entry | undefined => nodes.get(name)?.get(id)?.at(-1);

  const heard = (pod: string, slug: string, text: string): Said => ({
    text,
    entries: recordsIn(text, slug, (error) => onBroken(pod, slug, error)).flatMap((record) =>
      record.nodes.map((node) => ({ pod, record, node })),
    ),
  });

  const add = (entry: Entry): void => {
    const { pod, record, node } = entry;
    const ids = nodes.get(record.name) ?? new Map<string, readonly Entry[]>();
    const others = ids.get(node.id)?.filter((other) => other.pod !== pod) ?? [];
    const entries = others.length === 0 ? [entry] : [...others, entry].toSorted((a, b) => (a.pod < b.pod ? -1 : 1));
    nodes.set(record.name, ids.set(node.id, entries));
  };

  const drop = ({ pod, record, node }: Entry): void => {
    const ids = nodes.get(record.name);
    const left = ids?.get(node.id)?.filter((other) => other.pod !== pod) ?? [];
    if (left.length === 0) ids?.delete(node.id);
    else ids?.set(node.id, left);
    if (ids?.size === 0) nodes.delete(record.name);
  };

  /** Lets a pod say this from now on. */
  const change = (pod: string, texts: ReadonlyMap<string, string>, difference: Difference): void => {
    const old = said.get(pod) ?? new Map<string, Said>();
    const next = new Map<string, Said>();
    for (const [slug, text] of texts) {
      if (only !== undefined && slug !== only) continue;
      const known = old.get(slug);
      next.set(slug, known?.text === text ? known : heard(pod, slug, text));
    }
    const gone = [...old].flatMap(([slug, { entries }]) => (next.get(slug) === old.get(slug) ? [] : entries));
    const come = [...next].flatMap(([slug, { entries }]) => (next.get(slug) === old.get(slug) ? [] : entries));
    for (const { record, node } of [...gone, ...come]) difference.note(record.name, node.id);
    for (const entry of gone) drop(entry);
    for (const entry of come) add(entry);
    if (next.size === 0) said.delete(pod);
    else said.set(pod, next);
  };

  const changed = (work: (difference: Difference) => void): readonly RegistryEvent[] => {
    const difference = newDifference(effective);
    work(difference);
    return difference.events();
  };

  return {
    replace: (pods) =>
      changed((difference) => {
        const present = new Set(pods.map(({ name }) => name));
        for (const name of said.keys()) if (!present.has(name)) change(name, new Map(), difference);
        for (const { name, texts } of pods) change(name, texts, difference);
      }),
    put: ({ name, texts }) => changed((difference) => change(name, texts, difference)),
    remove: (pod) => changed((difference) => change(pod, new Map(), difference)),
    records: () =>
      [...nodes].toSorted(byKey).flatMap(([name, ids]) => {
        const versions = new Map<string, { readonly record: ServiceRecord; readonly nodes: Node[] }>();
        for (const [id] of [...ids].toSorted(byKey)) {
          const entry = effective(name, id);
          if (entry === undefined) continue;
          const { record, node } = entry;
          const known = versions.get(record.version);
          if (known === undefined) versions.set(record.version, { record, nodes: [node] });
          else known.nodes.push(node);
        }
        return [...versions].toSorted(byKey).map(([, { record, nodes: all }]) => ({ ...record, nodes: all }));
      }),
  };
}

/** Strings of different keys never compare as equal. */
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
