import { applied } from '../change.ts';
import type { Registry, RegistryEvent, ServiceRecord } from '../registry.ts';
import type { AskRegistry } from './ask.ts';
import type { Inquiries } from './inquiries.ts';
import type { Ledger, Outcome } from './ledger.ts';
import { readAll } from './listing.ts';
import { newRecent } from './recent.ts';
import { contradicts, newTold, type Told } from './told.ts';

type Records = readonly ServiceRecord[];

/** Writes into the ledger what the registry says: whole lists, and events. */
export interface Reader {
  hear(event: RegistryEvent): void;
  /** Lists everything. Until it has worked once since the registry was lost, events wait for it. */
  list(signal: AbortSignal, isReplay: boolean): Promise<void>;
  /** The registry was asked about this service, just now, and this is about to be put into the ledger. */
  answered(name: string, records: Records): void;
}

export interface ReaderOptions {
  readonly registry: Registry;
  readonly ask: AskRegistry;
  readonly ledger: Ledger;
  readonly inquiries: Inquiries;
  /** Whether the ledger is what the registry says, was so until the registry was lost, or never was. */
  readonly phase: () => 'starting' | 'connected' | 'stale';
  /** Whether nodes that vanish across an outage are kept. */
  readonly keepsMissing: boolean;
  /**
   * How much older than an answer an event may be that comes after it: the two come on different ways, with etcd even from different members.
   * Such an event is checked by a question instead of being believed, or nodes would vanish, or come back, for a moment.
   */
  readonly settleMs: number;
  /** The ledger has changed, because of an event. */
  readonly onEvent: (name: string) => void;
  readonly onListed: (outcome: Outcome) => void;
}

const maxRecent = 20_000;
/** So long after an outage leases still end that nobody could renew meanwhile: etcd ends a thousand a second. */
const aftermathMs = 10_000;

/** What a listing has to know of the time that it took. */
interface Meanwhile {
  readonly told: Told;
  /** Services that were asked for: their answers are newer. */
  readonly answered: Set<string>;
}

export function newReader(options: ReaderOptions): Reader {
  const { registry, ask, ledger, inquiries, phase, keepsMissing, settleMs, onEvent, onListed } = options;
  /** Services whose records are an answer, not long ago. */
  const recent = newRecent<true>(settleMs, maxRecent);
  let meanwhile: Meanwhile | undefined;
  let settledAt = 0;
  let replayedAt = 0;
  let aftermathUntil = 0;

  const registered = (name: string): Records => ledger.registered(name);

  const isSettling = (name: string): boolean => performance.now() < settledAt || recent.get(name) === true;

  const apply = (event: RegistryEvent): void => {
    if (ledger.apply(event)) onEvent(event.service.name);
  };

  /** Soon after an outage a registry takes out nodes that are alive, and only could not say so. */
  const isAftermath = (): boolean => keepsMissing && performance.now() < aftermathUntil;

  /** Nodes that are kept are not registered: that they are gone is told about the time before, or by themselves. */
  const hearOfKept = ({ action, service }: RegistryEvent): 'known' | 'believed' | undefined => {
    if (action !== 'delete') return undefined;
    const kept = service.nodes.filter(({ id }) => ledger.isKept(service.name, id));
    if (kept.length === 0) return undefined;
    if (performance.now() >= replayedAt) return 'believed';
    return kept.length === service.nodes.length ? 'known' : undefined;
  };

  const isDoubtful = (event: RegistryEvent): boolean => {
    const { name, nodes } = event.service;
    return (nodes.length === 0 || isSettling(name)) && contradicts(ledger.of(name), [event]);
  };

  const readNow = async (signal: AbortSignal, { told }: Meanwhile): Promise<ReadonlyMap<string, Records>> =>
    readAll({ registry, ask, known: ledger.services, registered, told, signal });

  const list = async (signal: AbortSignal, isReplay: boolean, during: Meanwhile): Promise<void> => {
    const { told, answered } = during;
    const [before, answers] = [phase(), await readNow(signal, during)];
    const missing = (name: string): Records =>
      before === 'starting' || !keepsMissing
        ? []
        : vanished(ledger.of(name), answers.get(name) ?? [], isReplay ? new Map() : told.news(name));
    const draft = await ledger.prepare(answers, missing);
    signal.throwIfAborted();

    const events = told.names.map((name) => [name, told.since(name)] as const);
    const doubts = events.filter(([name, all]) => contradicts(answers.get(name) ?? [], all));
    const outcome = ledger.commit(draft, new Set([...answered, ...doubts.map(([name]) => name)]));
    // Of a service that was unknown this is the best that can be said until it is asked for; others stay as they were.
    const guessed = doubts.filter(
      ([name, all]) =>
        ledger.of(name).length === 0 && ledger.put(name, all.reduce<Records>(applied, answers.get(name) ?? [])),
    );
    if (before === 'connected') for (const name of outcome.changed) recent.set(name, true);
    else settledAt = performance.now() + settleMs;
    if (before === 'stale') aftermathUntil = performance.now() + aftermathMs;
    if (isReplay) replayedAt = performance.now() + settleMs;
    meanwhile = undefined;
    onListed({ ...outcome, changed: new Set([...outcome.changed, ...guessed.map(([name]) => name)]) });
    for (const [name, all] of doubts) inquiries.settle(name, all);
  };

  return {
    hear(event) {
      inquiries.hear(event);
      meanwhile?.told.add(event);
      // What is told before the list is read is older than the list; what is told meanwhile is looked at then.
      if (phase() !== 'connected') return;
      const kept = hearOfKept(event);
      if (kept === 'known') return;
      const isAfter = kept === undefined && event.action === 'delete' && isAftermath();
      if (isAfter) ledger.doubt(event.service.name, event.service.nodes);
      if (kept === undefined && isDoubtful(event)) inquiries.settle(event.service.name, [event]);
      else if (!isAfter) apply(event);
    },
    async list(signal, isReplay) {
      const during = { told: newTold(), answered: new Set<string>() };
      meanwhile = during;
      try {
        await list(signal, isReplay, during);
      } finally {
        if (meanwhile === during) meanwhile = undefined;
      }
    },
    answered(name, records) {
      if (isAftermath()) {
        const gone = vanished(ledger.registered(name), records, new Map());
        ledger.doubt(
          name,
          gone.flatMap(({ nodes }) => nodes),
        );
      }
      recent.set(name, true);
      meanwhile?.answered.add(name);
    },
  };
}

/** The nodes that are not in the answer, though nobody said that they left; each alone in its record. */
function vanished(before: Records, answer: Records, news: ReadonlyMap<string, boolean>): Records {
  if (before.length === 0) return [];
  const found = new Set(answer.flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  return before.flatMap((record) =>
    record.nodes
      .filter(({ id }) => !found.has(id) && news.get(id) !== false)
      .map((node) => ({ ...record, nodes: [node] })),
  );
}
