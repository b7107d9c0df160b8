import { withResolvers } from '../async/queue.ts';
import { supervise } from '../async/supervise.ts';
import type { Log } from '../log/log.ts';
import type { Client } from '../runtime/client/client.ts';
import { shorten } from './declared.ts';
import type { Help } from './namespace.ts';

const helpTimeoutMs = 2000;

export interface ServiceVersion {
  readonly service: string;
  readonly version: string;
}

/** A version of a service with the ids of the nodes that serve it. */
export interface ServedVersion {
  readonly version: string;
  readonly nodes: readonly string[];
}

export interface HelpsOptions {
  readonly client: Client;
  readonly log: Log;
  /** A service answered what was not known before. */
  readonly onAnswer: (service: string) => void;
}

/**
 * What command services say about themselves. Each version is asked once, and again when nodes join it: many services are `latest` for
 * ever, whatever they are. One that fails is asked again while it is there; what it said before stands until it answers.
 */
export interface Helps {
  /** These versions of a service are there now: asks those not known yet, forgets those not among them. */
  want(service: string, versions: readonly ServedVersion[]): void;
  get(version: ServiceVersion): Help | undefined;
  /** Resolves when each that is there was asked at least once. */
  asked(): Promise<void>;
  /** Stops asking. */
  close(): void;
}

interface Asked {
  readonly stop: AbortController;
  readonly once: Promise<void>;
  /** Ids of all nodes that were there when it was asked. */
  readonly known: readonly string[];
  /** Ids of those it is asked from. */
  readonly from: readonly string[];
  help: Help | undefined;
}

export function askHelps({ client, log, onAnswer }: HelpsOptions): Helps {
  /** By service, then by version. */
  const asked = new Map<string, Map<string, Asked>>();

  const start = (about: ServiceVersion, nodes: readonly string[], from: readonly string[], help?: Help): Asked => {
    const stop = new AbortController();
    const once = withResolvers<void>();
    const entry: Asked = { stop, once: once.promise, known: nodes, from, help };
    let hasFailed = false;
    const ask = async (signal: AbortSignal): Promise<void> => {
      entry.help = await fetchHelp(client, about, from, signal);
      if (signal.aborted) return;
      stop.abort();
      once.resolve();
      onAnswer(about.service);
    };
    const onFailure = (error: unknown): void => {
      once.resolve();
      if (!hasFailed) log.warn('a command service does not answer Command.Help, asking again', { ...about, error });
      hasFailed = true;
    };
    // Never rejects: failures are told to `onFailure`.
    void supervise(ask, { signal: stop.signal, minDelayMs: 200, onFailure }).finally(() => once.resolve());
    return entry;
  };

  return {
    want(service, versions) {
      const before = asked.get(service);
      const now = new Map<string, Asked>();
      for (const { version, nodes } of versions) {
        const known = before?.get(version);
        const from = toAsk(nodes, known);
        if (known !== undefined && from.length === 0) now.set(version, known);
        else {
          known?.stop.abort();
          now.set(version, start({ service, version }, nodes, from, known?.help));
        }
      }
      for (const [version, { stop }] of before ?? []) if (!now.has(version)) stop.abort();
      if (now.size === 0) asked.delete(service);
      else asked.set(service, now);
    },
    get: ({ service, version }) => asked.get(service)?.get(version)?.help,
    async asked() {
      await Promise.all([...asked.values()].flatMap((versions) => [...versions.values()].map(({ once }) => once)));
    },
    close() {
      for (const versions of asked.values()) for (const { stop } of versions.values()) stop.abort();
    },
  };
}

/** Those that joined; all, when none was asked yet or those that are being asked have gone. None: there is nothing to ask. */
function toAsk(nodes: readonly string[], before: Asked | undefined): readonly string[] {
  if (before === undefined) return nodes;
  const joined = nodes.filter((id) => !before.known.includes(id));
  const isAsking = !before.stop.signal.aborted;
  const isLost = isAsking && !nodes.some((id) => before.from.includes(id));
  return joined.length === 0 && isLost ? nodes : joined;
}

async function fetchHelp(
  client: Client,
  { service, version }: ServiceVersion,
  from: readonly string[],
  signal: AbortSignal,
): Promise<Help> {
  const answer = await client.call<Partial<Record<keyof Help, unknown>> | null>(
    { service, endpoint: 'Command.Help' },
    {
      signal,
      timeoutMs: helpTimeoutMs,
      retries: 0,
      filters: [
        (records) =>
          records
            .filter((record) => record.version === version)
            .map((record) => ({ ...record, nodes: record.nodes.filter(({ id }) => from.includes(id)) })),
      ],
    },
  );
  const line = (value: unknown): string => (typeof value === 'string' ? shorten(value) : '');
  return { usage: line(answer?.usage), description: line(answer?.description) };
}
