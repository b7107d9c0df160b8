import { supervise } from '../async/supervise.ts';
import { type Log, silent } from '../log/log.ts';
import { applied } from './change.ts';
import { type Registry, RegistryError, type RegistryEvent, type ServiceRecord } from './registry.ts';

type Records = readonly ServiceRecord[];

export interface ServiceCacheOptions {
  /** How long an answer counts when no event changes it. Default 60,000. */
  readonly ttlMs?: number;
  readonly log?: Log;
}

/** What the registry says of the services that were asked for, kept up to date by one watch. */
export interface ServiceCache {
  /** At once when it is known, otherwise as soon as the registry answers. Empty when the service is unknown; rejects with a `RegistryError`. */
  lookup(name: string): Records | Promise<Records>;
  /** The next lookup asks the registry again. */
  forget(name: string): void;
  /** Ends the watch. Lookups reject from then on. */
  close(): Promise<void>;
}

/**
 * How long "unknown" counts, and how long the registry is left alone after an error. Go leaves five seconds between any two questions,
 * and is blind for a service that starts meanwhile; here an event ends the wait, and without one it is a second.
 */
const negativeMs = 1000;
/** More names than these are not remembered as unknown. */
const maxUnknown = 1000;

interface Entry {
  readonly records: Records;
  readonly expiresAt: number;
  /** Whether the registry said so when it was asked last; else it could not be asked, and this is what is left. */
  readonly confirmed: boolean;
}

interface Fetch {
  readonly answer: Promise<Records>;
  /** What happened while the registry was being asked. */
  readonly events: RegistryEvent[];
}

/** A cache before `registry`. The watch begins with the first lookup; the registry stays its owner's to close. */
export function serviceCache(registry: Registry, options: ServiceCacheOptions = {}): ServiceCache {
  const { ttlMs = 60_000, log = silent } = options;
  const entries = new Map<string, Entry>();
  const fetches = new Map<string, Fetch>();
  const stop = new AbortController();
  let watching: Promise<void> | undefined;
  let subscriptions = 0;
  let subscribed = false;
  let outage = false;
  /** By the driver's own log. */
  let isTold = false;

  const fetched = async (name: string, events: readonly RegistryEvent[]): Promise<Records> => {
    const during = subscriptions;
    try {
      const answer = await registry.getService(name);
      if (outage) log[isTold ? 'debug' : 'info']('the registry answers again', { registry: registry.name });
      outage = false;
      const records = events.reduce<Records>(applied, answer);
      // What happened before the watch began has no event: such an answer serves, but only until the next one.
      keep(name, records, during === subscriptions ? ttlMs : 0, true);
      return records;
    } catch (error) {
      const known = entries.get(name)?.records;
      if (known === undefined || known.length === 0) throw error;
      if (!outage) {
        isTold = registry.isOut === true;
        const about = { registry: registry.name, error };
        log[isTold ? 'debug' : 'warn']('the registry does not answer, the last known nodes are used', about);
      }
      outage = true;
      keep(name, known, negativeMs, false);
      return known;
    }
  };

  const keep = (name: string, records: Records, forMs: number, confirmed: boolean): void => {
    if (records.length === 0 && entries.size >= maxUnknown) dropUnknown();
    const lastsMs = records.length === 0 ? Math.min(negativeMs, ttlMs) : forMs;
    entries.set(name, { records, expiresAt: Date.now() + lastsMs, confirmed });
  };

  const dropUnknown = (): void => {
    for (const [name, { records }] of entries) if (records.length === 0) entries.delete(name);
  };

  const refresh = (name: string): Promise<Records> => {
    const running = fetches.get(name);
    if (running !== undefined) return running.answer;
    const events: RegistryEvent[] = [];
    const answer = fetched(name, events).finally(() => fetches.delete(name));
    fetches.set(name, { answer, events });
    return answer;
  };

  const apply = (event: RegistryEvent): void => {
    const { name } = event.service;
    fetches.get(name)?.events.push(event);
    const entry = entries.get(name);
    if (entry === undefined) return;
    // A registry in trouble lets nodes expire that cannot renew their time there. They may well be alive, and are all we have.
    if (event.action === 'delete' && !entry.confirmed) return;
    const records = applied(entry.records, event);
    // Of a service that was unknown one event need not be the whole truth, and the last node's leaving may be a restart.
    const isGone = event.action === 'delete' && event.service.nodes.length === 0;
    if (isGone || entry.records.length === 0 || records.length === 0) entries.delete(name);
    else if (records !== entry.records) entries.set(name, { ...entry, records });
  };

  const watch = async (signal: AbortSignal, healthy: () => void): Promise<void> => {
    try {
      const events = await registry.watch({ signal });
      healthy();
      subscriptions += 1;
      subscribed = true;
      for (const [name, entry] of entries) entries.set(name, { ...entry, expiresAt: 0 });
      for await (const event of events) apply(event);
    } finally {
      subscribed = false;
    }
  };

  const startWatching = (): Promise<void> =>
    supervise(watch, {
      signal: stop.signal,
      onFailure: (error, delayMs) => {
        if (error instanceof RegistryError && error.code === 'closed') stop.abort();
        else
          log.warn('the watch on the registry was lost', {
            registry: registry.name,
            error,
            delayMs: Math.round(delayMs),
          });
      },
    });

  return {
    lookup(name) {
      const entry = entries.get(name);
      if (entry !== undefined && Date.now() < entry.expiresAt) return entry.records;
      if (stop.signal.aborted) return Promise.reject(new RegistryError('closed', 'the service cache is closed'));
      watching ??= startWatching();
      const fresh = refresh(name);
      if (entry === undefined || entry.records.length === 0 || !subscribed) return fresh;
      // The watch kept it true until now: nobody has to wait for the confirmation.
      fresh.catch(() => {});
      return entry.records;
    },
    forget(name) {
      entries.delete(name);
    },
    async close() {
      stop.abort();
      entries.clear();
      await watching;
    },
  };
}
