import { setMaxListeners } from 'node:events';
import { orAborted } from '../../../async/aborted.ts';
import { createAlarms } from '../../../async/alarms.ts';
import type { Log } from '../../../log/log.ts';
import type { Api } from '../api.ts';
import type { Outbox, Talk } from '../outbox.ts';
import { type Bucket, type BucketOptions, createBucket } from './bucket.ts';
import type { Desk } from './desk.ts';
import { createHooks } from './hooks.ts';
import { createOrder } from '../../../async/order.ts';
import { createReactions } from './reactions.ts';
import { createScopes } from './scopes.ts';
import { closed, createTalk } from './talk.ts';

export interface OutboxOptions {
  /** The Web API with the token of a workspace. */
  readonly api: (team: string) => Api;
  /** Set where Slack is not at its usual address. */
  readonly apiUrl?: string | undefined;
  readonly log: Log;
  /** How long after the one before a message of a channel, once a few came at once, or a change of a progress is sent. Default 1,100: Slack wants one a second. */
  readonly paceMs?: number;
  /** What is not answered by then gets a reaction that says so. Default 1,000. */
  readonly reactAfterMs?: number;
}

/** How many channels are remembered that nothing is said in any more. */
const mostIdle = 1_000;

export function createOutbox(options: OutboxOptions): Outbox {
  const { api, apiUrl, log, paceMs = 1_100, reactAfterMs = 1_000 } = options;
  const leaving = new AbortController();
  const { signal } = leaving;
  // Everything that waits listens to it.
  setMaxListeners(0, signal);
  const alarms = createAlarms();
  const order = createOrder();
  const scopes = createScopes(log);
  const reactions = createReactions({ api, scopes, alarms, afterMs: reactAfterMs, log, signal });
  const messages = buckets({ burst: 3, everyMs: paceMs });
  // Slack lets fifty messages be changed each minute, and some at once.
  const changes = buckets({ burst: 20, everyMs: 1_200 });
  const desk: Desk = {
    api,
    hooks: createHooks({ apiUrl, log }),
    order,
    messages: (team, channel) => messages(`${team}/${channel}`),
    changes,
    reactions,
    scopes,
    alarms,
    paceMs,
    log,
    signal,
  };
  const living = new Set<Talk>();
  let isClosed = false;

  return {
    talk(spot) {
      const talk = createTalk(spot, desk, () => living.delete(open));
      const open: Talk = {
        say: async (document, kind) => {
          if (isClosed) throw closed();
          await talk.say(document, kind);
        },
        end: () => talk.end(),
      };
      living.add(open);
      return open;
    },
    async close(until) {
      isClosed = true;
      try {
        await orAborted(order.idle(), until);
        for (const talk of living) talk.end();
        await orAborted(reactions.idle(), until);
      } catch {
        if (!order.isIdle) log.warn('left Slack before all was said');
      } finally {
        leaving.abort(closed());
        for (const talk of living) talk.end();
        // What was cut off has nobody left to wait for; it ends by itself, at once.
        await Promise.all([order.idle(), reactions.idle()]);
      }
    },
  };
}

/** A bucket for each key. Those that are as good as new are forgotten when there are many. */
function buckets(limits: BucketOptions): (key: string) => Bucket {
  const known = new Map<string, Bucket>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= mostIdle) for (const [name, { isFull }] of known) if (isFull) known.delete(name);
    const made = createBucket(limits);
    known.set(key, made);
    return made;
  };
}
