import type { Alarms } from '../../../async/alarms.ts';
import type { Log } from '../../../log/log.ts';
import { type Api, SlackError } from '../api.ts';
import type { Spot } from '../spot.ts';
import { type Bucket, createBucket } from './bucket.ts';
import type { Scopes } from './scopes.ts';

/** Shows by reactions on a message what has become of it, where it takes a while. That it can't be shown is nobody's trouble. */
export interface Reactions {
  watch(spot: Spot): Watched;
  /** Resolves when no request is under way. */
  idle(): Promise<void>;
}

export interface Watched {
  /** Said once; later ones change nothing. */
  finish(outcome: 'good' | 'bad' | 'none'): void;
}

export interface ReactionsOptions {
  readonly api: (team: string) => Api;
  readonly scopes: Scopes;
  readonly alarms: Alarms;
  /** What is answered sooner gets no reaction. */
  readonly afterMs: number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const scope = 'reactions:write';
const waits = 'hourglass_flowing_sand';
const marks = { good: 'white_check_mark', bad: 'x', none: undefined } as const;
/** Slack lets twenty reactions be taken away each minute: with more to show, some messages have none. */
const limits = { burst: 10, everyMs: 3_000 };
/** It may be there, or not be there, already. */
const harmless: ReadonlySet<string> = new Set(['already_reacted', 'no_reaction']);

export function createReactions(options: ReactionsOptions): Reactions {
  const { api, scopes, alarms, afterMs, log, signal } = options;
  const underWay = new Set<Promise<void>>();
  const buckets = new Map<string, Bucket>();

  const bucketOf = (team: string): Bucket => {
    const bucket = buckets.get(team) ?? createBucket(limits);
    buckets.set(team, bucket);
    return bucket;
  };

  /** True when it is as it should be. */
  const react = async (method: 'reactions.add' | 'reactions.remove', name: string, to: Spot): Promise<boolean> => {
    try {
      await api(to.team).call(method, { channel: to.channel, timestamp: to.ts, name }, signal);
      return true;
    } catch (error) {
      if (error instanceof SlackError && harmless.has(error.reason)) return true;
      if (!scopes.learn(to.team, scope, error)) log.debug('no reaction', { team: to.team, channel: to.channel, error });
      return false;
    }
  };

  const track = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };

  return {
    watch(spot) {
      if (spot.ts === undefined || scopes.lacks(spot.team, scope)) return unwatched;
      let shown: Promise<boolean> | undefined;
      let isOver = false;
      const alarm = alarms.set(afterMs, {
        ring() {
          if (scopes.lacks(spot.team, scope) || !bucketOf(spot.team).tryTake()) return;
          shown = react('reactions.add', waits, spot);
        },
      });
      const end = async (isShown: Promise<boolean>, mark: string | undefined): Promise<void> => {
        if (!(await isShown)) return;
        await react('reactions.remove', waits, spot);
        if (mark !== undefined) await react('reactions.add', mark, spot);
      };
      return {
        finish(outcome) {
          if (isOver) return;
          isOver = true;
          alarms.clear(alarm);
          if (shown !== undefined) track(end(shown, marks[outcome]));
        },
      };
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

const unwatched: Watched = { finish() {} };
