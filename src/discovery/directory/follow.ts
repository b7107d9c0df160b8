import { setMaxListeners } from 'node:events';
import { withResolvers } from '../../async/queue.ts';
import { supervise } from '../../async/supervise.ts';
import { type Log, silent } from '../../log/log.ts';
import type { Directory, Versions } from '../directory.ts';
import { type Node, type Registry, RegistryError } from '../registry.ts';
import { newAsk } from './ask.ts';
import { type Attempt, newAttempt } from './attempt.ts';
import { newInquiries } from './inquiries.ts';
import { newLedger } from './ledger.ts';
import { newListeners } from './listeners.ts';
import { atOnce } from './listing.ts';
import { newReader } from './reader.ts';
import { newRecent } from './recent.ts';
import { newStatus } from './status.ts';

export interface DirectoryOptions {
  readonly log?: Log;
  /**
   * About how long until everything is listed again without any reason, in milliseconds: events can be lost. Default 300,000 for registries that
   * list whole records, 30,000 for others.
   */
  readonly relistMs?: number;
  /** Ends it, as `close` does. */
  readonly signal?: AbortSignal;
  /** Asks a node itself whether it is there. Without it, nodes that vanish from the registry across an outage are dropped at once. */
  readonly isAlive?: (node: Node) => Promise<boolean>;
  /** How long a node that vanished across an outage stays while it answers. Default 60,000: Go's services register again every 30 seconds. */
  readonly keepMs?: number;
  /** For how long after an answer events that contradict it are checked by a question: they may be older. Default 1,000. */
  readonly settleMs?: number;
}

/** How long "unknown", or an error, is the answer to further lookups: go-micro's clients ask again and again. */
const unknownMs = 1000;
const maxUnknown = 1000;
const none: Versions = [];

/**
 * Follows everything that the registry says, from now on. It watches first and lists then, again and again. When the registry is lost, what was
 * known stands until it is back, which is tried after a tenth of a second, then more seldom, at least every half a second.
 */
export function createDirectory(registry: Registry, options: DirectoryOptions = {}): Directory {
  const { log = silent, isAlive, keepMs = 60_000, settleMs = 1000 } = options;
  const { relistMs = registry.listsNodes === true ? 300_000 : 30_000 } = options;
  const stop = new AbortController();
  // One for each question that is open.
  setMaxListeners(0, stop.signal);
  const ready = withResolvers<void>();
  const listeners = newListeners(log);
  const status = newStatus(registry, log);
  const unknown = newRecent<Unknown>(unknownMs, maxUnknown);
  const ask = newAsk(registry, log);
  let attempt: Attempt | undefined;

  const onChange = (name: string): void => {
    unknown.delete(name);
    listeners.tell(new Set([name]));
  };

  const ledger = newLedger({ isAlive, keepMs, onGone: onChange });

  const inquiries = newInquiries({
    ask: (name) => ask(name, stop.signal),
    registered: (name) => ledger.registered(name),
    onAnswer(name, records) {
      reader.answered(name, records);
      if (ledger.put(name, records)) onChange(name);
      const known = ledger.of(name);
      if (known.length === 0) unknown.set(name, { error: undefined });
      return known;
    },
    onFailure: (error) => attempt?.fail(asError(error)),
    atOnce,
  });

  const reader = newReader({
    registry,
    ask,
    ledger,
    inquiries,
    phase: () => status.state.kind,
    settleMs,
    keepsMissing: isAlive !== undefined,
    onEvent: onChange,
    onListed(outcome) {
      unknown.clear();
      const isBack = status.connected(outcome);
      if (isBack || outcome.changed.size > 0) listeners.tell(outcome.changed);
      ready.resolve();
    },
  });

  const lose = (error: Error): void => {
    if (!status.lost(error)) return;
    ledger.rest();
    inquiries.forget();
    listeners.tell(new Set());
  };

  const follow = (signal: AbortSignal, healthy: () => void): Promise<void> => {
    attempt = newAttempt({
      registry,
      relistMs,
      hear(event) {
        unknown.delete(event.service.name);
        reader.hear(event);
      },
      list: (listing, isReplay) => reader.list(listing, isReplay),
      onLost: lose,
    });
    return attempt.run(signal, healthy);
  };

  const onFailure = (error: unknown): void => {
    if (!(error instanceof RegistryError) || error.code !== 'closed') return lose(asError(error));
    status.closed(error);
    end();
  };

  const end = (): void => {
    if (stop.signal.aborted) return;
    stop.abort(new RegistryError('closed', 'the directory is closed'));
    options.signal?.removeEventListener('abort', end);
    ledger.rest();
    inquiries.forget();
    listeners.clear();
    ready.resolve();
  };

  const find = async (name: string): Promise<Versions> => {
    try {
      return await inquiries.ask(name);
    } catch (error) {
      unknown.set(name, { error: asError(error) });
      throw error;
    }
  };

  const lookupUnknown = (name: string): Versions | Promise<Versions> => {
    if (stop.signal.aborted) return Promise.reject(asError(stop.signal.reason));
    const memory = unknown.get(name);
    if (memory === undefined) return find(name);
    return memory.error === undefined ? none : Promise.reject(memory.error);
  };

  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted === true) end();
  const running = supervise(follow, { signal: stop.signal, minDelayMs: 100, maxDelayMs: 500, onFailure });

  return {
    registry: registry.name,
    services: ledger.services,
    get state() {
      return status.state;
    },
    ready: ready.promise,
    lookup: (name) => ledger.services.get(name) ?? lookupUnknown(name),
    onChange: (listener) => listeners.add(listener),
    async close() {
      end();
      await running;
    },
  };
}

/** What a lookup found that found nothing. */
interface Unknown {
  readonly error: Error | undefined;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
