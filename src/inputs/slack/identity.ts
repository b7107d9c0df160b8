import { type Log, silent } from '../../log/log.ts';
import { type Api, SlackError } from './api.ts';
import { type Fields, fieldsOf, textOf } from './fields.ts';

export interface NamesOptions {
  /** Who answers for a workspace; undefined where nobody can. */
  readonly api: (team: string) => Api | undefined;
  /** Ends what is being looked up. Nothing is looked up afterwards. */
  readonly signal: AbortSignal;
  readonly now?: () => number;
  /** Names that are kept. Default 10,000. */
  readonly most?: number;
  /** How long a name is believed. Default one hour. */
  readonly keepMs?: number;
  readonly log?: Log;
}

/**
 * What people and channels are called: for display, and never to decide anything, since names change and can be taken by others. Answers
 * at once: with the id while the name is not known, which is then looked up for the next time.
 */
export interface Names {
  user(team: string, id: string): string;
  channel(team: string, id: string): string;
  /** The channel of that name. Undefined where none is known, or more than one. */
  named(team: string, name: string): string | undefined;
}

interface Entry {
  readonly name: string | undefined;
  readonly until: number;
}

/** One method of Slack's that tells names. */
interface Kind {
  readonly method: string;
  readonly argument: string;
  readonly nameOf: (answer: Fields) => string | undefined;
}

const users: Kind = {
  method: 'users.info',
  argument: 'user',
  nameOf: ({ user }) => {
    const { profile, real_name, name } = fieldsOf(user);
    return textOf(fieldsOf(profile)['display_name']) ?? textOf(real_name) ?? textOf(name);
  },
};

const channels: Kind = {
  method: 'conversations.info',
  argument: 'channel',
  nameOf: ({ channel }) => textOf(fieldsOf(channel)['name']),
};

/** After this Slack is asked again for a name that it did not tell. */
const failedMs = 60_000;
/** After this it is asked again for what it does not allow. */
const refusedMs = 3_600_000;
/** More at the same time would take from what answers need. */
const mostAtOnce = 5;

export function createNames(options: NamesOptions): Names {
  const { api, signal, now = Date.now, most = 10_000, keepMs = 3_600_000, log = silent } = options;
  const known = new Map<string, Entry>();
  const asking = new Set<string>();
  const refused = new Map<string, number>();

  const keep = (key: string, name: string | undefined, forMs: number): void => {
    known.delete(key);
    known.set(key, { name, until: now() + forMs });
    for (const oldest of known.keys()) {
      if (known.size <= most) return;
      known.delete(oldest);
    }
  };

  const failed = (team: string, { method }: Kind, key: string, error: unknown): void => {
    // An old name is better than none.
    keep(key, known.get(key)?.name, failedMs);
    if (!(error instanceof SlackError) || error.reason !== 'missing_scope') {
      log.debug('a name was not found in Slack', { team, method, error });
      return;
    }
    if (!refused.has(`${team} ${method}`)) {
      log.info('Slack does not tell names: ids are shown instead', { team, method, error });
    }
    refused.set(`${team} ${method}`, now() + refusedMs);
  };

  const ask = async (from: Api, team: string, kind: Kind, id: string, key: string): Promise<void> => {
    try {
      keep(key, kind.nameOf(await from.call(kind.method, { [kind.argument]: id }, signal)), keepMs);
    } catch (error) {
      if (!signal.aborted) failed(team, kind, key, error);
    } finally {
      asking.delete(key);
    }
  };

  const look = (team: string, kind: Kind, id: string): string => {
    const key = `${team} ${kind.argument} ${id}`;
    const entry = known.get(key);
    const isFresh = entry !== undefined && entry.until > now();
    const isAllowed = (refused.get(`${team} ${kind.method}`) ?? 0) <= now();
    if (!isFresh && isAllowed && !asking.has(key) && asking.size < mostAtOnce && !signal.aborted) {
      const from = api(team);
      if (from !== undefined) {
        asking.add(key);
        void ask(from, team, kind, id, key);
      }
    }
    return entry?.name ?? id;
  };

  return {
    user: (team, id) => look(team, users, id),
    // A conversation with one person has no name.
    channel: (team, id) => (/^[CG]/.test(id) ? look(team, channels, id) : id),
    named(team, name) {
      const start = `${team} ${channels.argument} `;
      const found = [...known].filter(
        ([key, entry]) => entry.name === name && entry.until > now() && key.startsWith(start),
      );
      const [[key] = []] = found;
      return found.length === 1 ? key?.slice(start.length) : undefined;
    },
  };
}
