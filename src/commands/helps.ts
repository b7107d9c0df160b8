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

export interface HelpsOptions {
  readonly client: Client;
  readonly log: Log;
  /** An answer came that was not known before. */
  readonly onAnswer: () => void;
}

/** What command services say about themselves. Each version is asked once; one that fails is asked again while it is there. */
export interface Helps {
  /** These versions are there now: asks those not known yet, forgets those not among them. Resolves when each was asked at least once. */
  want(versions: readonly ServiceVersion[]): Promise<void>;
  get(version: ServiceVersion): Help | undefined;
  /** Stops asking. */
  close(): void;
}

interface Asked {
  readonly stop: AbortController;
  readonly once: Promise<void>;
  help: Help | undefined;
}

const keyOf = ({ service, version }: ServiceVersion): string => `${service} ${version}`;

export function askHelps({ client, log, onAnswer }: HelpsOptions): Helps {
  const asked = new Map<string, Asked>();

  const start = (about: ServiceVersion): Asked => {
    const stop = new AbortController();
    const once = withResolvers<void>();
    const entry: Asked = { stop, once: once.promise, help: undefined };
    let hasFailed = false;
    const ask = async (signal: AbortSignal): Promise<void> => {
      entry.help = await fetchHelp(client, about, signal);
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
      for (const [key, version] of wanted) if (!asked.has(key)) asked.set(key, start(version));
      await Promise.all([...asked.values()].map(({ once }) => once));
    },
    get: (version) => asked.get(keyOf(version))?.help,
    close() {
      for (const { stop } of asked.values()) stop.abort();
    },
  };
}

async function fetchHelp(client: Client, { service, version }: ServiceVersion, signal: AbortSignal): Promise<Help> {
  const answer = await client.call<Partial<Record<keyof Help, unknown>> | null>(
    { service, endpoint: 'Command.Help' },
    {
      signal,
      timeoutMs: helpTimeoutMs,
      retries: 0,
      filters: [(records) => records.filter((record) => record.version === version)],
    },
  );
  const line = (value: unknown): string => (typeof value === 'string' ? shorten(value) : '');
  return { usage: line(answer?.usage), description: line(answer?.description) };
}
