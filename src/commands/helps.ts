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

/** A version with the ids of the nodes that serve it. */
export interface ServedVersion extends ServiceVersion {
  readonly nodes: readonly string[];
}

export interface HelpsOptions {
  readonly client: Client;
  readonly log: Log;
  /** An answer came that was not known before. */
  readonly onAnswer: () => void;
}

/**
 * What command services say about themselves. Each version is asked once, and again when nodes join it: many services are `latest` for
 * ever, whatever they are. One that fails is asked again while it is there; what it said before stands until it answers.
 */
export interface Helps {
  /** These versions are there now: asks those not known yet, forgets those not among them. Resolves when each was asked at least once. */
  want(versions: readonly ServedVersion[]): Promise<void>;
  get(version: ServiceVersion): Help | undefined;
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

const keyOf = ({ service, version }: ServiceVersion): string => `${service} ${version}`;

export function askHelps({ client, log, onAnswer }: HelpsOptions): Helps {
  const asked = new Map<string, Asked>();

  const start = ({ nodes, ...about }: ServedVersion, from: readonly string[], help?: Help): Asked => {
    const stop = new AbortController();
    const once = withResolvers<void>();
    const entry: Asked = { stop, once: once.promise, known: nodes, from, help };
    let hasFailed = false;
    const ask = async (signal: AbortSignal): Promise<void> => {
      entry.help = await fetchHelp(client, about, from, signal);
      stop.abort();
      once.resolve();
      onAnswer();
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
    async want(versions) {
      const wanted = new Map(versions.map((version) => [keyOf(version), version]));
      for (const [key, { stop }] of asked) {
        if (wanted.has(key)) continue;
        stop.abort();
        asked.delete(key);
      }
      for (const [key, version] of wanted) {
        const before = asked.get(key);
        const from = toAsk(version.nodes, before);
        if (from.length === 0) continue;
        before?.stop.abort();
        asked.set(key, start(version, from, before?.help));
      }
      await Promise.all([...asked.values()].map(({ once }) => once));
    },
    get: (version) => asked.get(keyOf(version))?.help,
    close() {
      for (const { stop } of asked.values()) stop.abort();
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
