import { Pace } from '../../async/pace.ts';
import { applied } from '../change.ts';
import type { Versions } from '../directory.ts';
import type { Node, RegistryEvent, ServiceRecord } from '../registry.ts';
import { withoutNodes } from '../versions.ts';
import { tidy } from './tidy.ts';
import { newVigil } from './vigil.ts';

type Records = readonly ServiceRecord[];

/** All services that are known: what the registry says of them, and the nodes that are kept though it does not. */
export interface Ledger {
  readonly services: ReadonlyMap<string, Versions>;
  /** Empty when the service is unknown. */
  of(name: string): Versions;
  /** What the registry says of a service, in full. False when that is nothing new. */
  put(name: string, records: Records): boolean;
  /** False when the event says nothing new. */
  apply(event: RegistryEvent): boolean;
  /** Nodes that left according to the registry stay until they were asked whether they are there, and while they are. */
  doubt(name: string, nodes: readonly Node[]): void;
  isKept(name: string, nodeId: string): boolean;
  /** The nodes of a service that the registry is known to have. */
  registered(name: string): Versions;
  /** Makes what the registry says of many services ready in small steps, so that nothing else has to wait. */
  prepare(answers: ReadonlyMap<string, Records>, missing: (name: string) => Records): Promise<Draft>;
  /** Changes everything at once, but for the services that are `spared`. */
  commit(draft: Draft, spared: ReadonlySet<string>): Outcome;
  /** No node is kept any more beside what the registry says: all that is known stands. */
  rest(): void;
}

/** What changes, by service. */
export type Draft = ReadonlyMap<string, Page>;

interface Page {
  readonly answer: Records;
  /** What was known when this was written. */
  readonly before: Versions;
  readonly after: Versions;
  /** Nodes that vanished and may be alive, each alone in its record. */
  readonly missing: Records;
}

export interface Outcome {
  readonly changed: ReadonlySet<string>;
  readonly came: number;
  readonly went: number;
}

export interface LedgerOptions {
  /** Without it no node is kept. */
  readonly isAlive: ((node: Node) => Promise<boolean>) | undefined;
  readonly keepMs: number;
  /** A service has changed because a node that was kept is gone. */
  readonly onGone: (name: string) => void;
}

const none: Versions = [];
/** Who says goodbye takes connections for some moments more. */
const soonMs = 100;

export function newLedger({ isAlive, keepMs, onGone }: LedgerOptions): Ledger {
  const services = new Map<string, Versions>();
  const vigil = newVigil({
    isAlive: isAlive ?? (async () => false),
    keepMs,
    onGone(record) {
      if (set(record.name, without(of(record.name), record.nodes))) onGone(record.name);
    },
  });

  const of = (name: string): Versions => services.get(name) ?? none;

  const set = (name: string, records: Records): boolean => {
    const before = of(name);
    const after = tidy(records, before);
    replace(name, after);
    return after !== before;
  };

  const replace = (name: string, versions: Versions): void => {
    if (versions.length === 0) services.delete(name);
    else services.set(name, versions);
  };

  const releaseAll = (name: string, records: Records): void => {
    for (const { nodes } of records) for (const { id } of nodes) vigil.release(name, id);
  };

  const put = (name: string, records: Records): boolean => {
    releaseAll(name, records);
    return set(name, joined(records, vigil.of(name)));
  };

  const page = (name: string, answer: Records, missing: Records): Page => {
    const before = of(name);
    return { answer, before, after: tidy(joined(answer, [...vigil.of(name), ...missing]), before), missing };
  };

  return {
    services,
    of,
    put,
    apply(event) {
      releaseAll(event.service.name, [event.service]);
      const { name } = event.service;
      return set(name, applied(of(name), event));
    },
    doubt(name, nodes) {
      const left = new Set(nodes.map(({ id }) => id).filter((id) => !vigil.has(name, id)));
      const doubtful = of(name).flatMap((record) =>
        record.nodes.filter(({ id }) => left.has(id)).map((node) => ({ ...record, nodes: [node] })),
      );
      vigil.keep(doubtful, soonMs);
    },
    isKept: (name, nodeId) => vigil.has(name, nodeId),
    registered: (name) => vigil.of(name).reduce((records, { nodes }) => without(records, nodes), of(name)),
    async prepare(answers, missing) {
      const pace = new Pace();
      const draft = new Map<string, Page>();
      for (const [name, answer] of answers) {
        const written = page(name, answer, missing(name));
        if (written.after !== written.before || written.missing.length > 0) draft.set(name, written);
        const pause = pace.step();
        if (pause !== undefined) await pause;
      }
      return draft;
    },
    commit(draft, spared) {
      const changed = new Set<string>();
      let [came, went] = [0, 0];
      vigil.keep([...draft.values()].flatMap(({ missing }) => missing));
      for (const [name, written] of draft) {
        if (spared.has(name)) continue;
        const { answer, before, after } =
          written.before === of(name) ? written : page(name, written.answer, written.missing);
        releaseAll(name, answer);
        replace(name, after);
        if (after === before) continue;
        changed.add(name);
        if (before.length === 0) came += 1;
        if (after.length === 0) went += 1;
      }
      return { changed, came, went };
    },
    rest: () => vigil.clear(),
  };
}

const without = (records: Versions, nodes: readonly Node[]): Versions =>
  withoutNodes(records, new Set(nodes.map(({ id }) => id)));

/** The records with the nodes that are kept; who is registered, in whatever version, is not kept beside that. */
function joined(records: Records, kept: Records): Records {
  if (kept.length === 0) return records;
  const registered = new Set(records.flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  const more = kept.filter(({ nodes }) => nodes.every(({ id }) => !registered.has(id)));
  return more.reduce<Records>((all, record) => {
    const known = all.find(({ version }) => version === record.version);
    if (known === undefined) return [...all, record];
    return all.map((each) => (each === known ? { ...known, nodes: [...known.nodes, ...record.nodes] } : each));
  }, records);
}
