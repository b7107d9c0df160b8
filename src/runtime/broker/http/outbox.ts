import { sleep } from '../../../async/sleep.ts';
import type { Log } from '../../../log/log.ts';
import type { Body, Headers } from '../../transport/transport.ts';
import type { Generations } from './generations.ts';
import { createLane, type Lane, type Route } from './lane.ts';
import { type Letter, newLetter, type Poster } from './post.ts';

export interface Outbox {
  /** Resolves when the message is on its way to everybody who listens. */
  publish(topic: string, headers: Headers, body: Body): Promise<void>;
  /** Waits a few seconds for what is on its way. */
  close(): Promise<void>;
}

/** Messages that found nobody wait for the next publish to their topic, this many a topic. */
const maxEarly = 64;
const maxEarlyTopics = 1000;
const farewellMs = 5000;

export function createOutbox(generations: Generations, poster: Poster, log: Log): Outbox {
  const lanes = new Map<string, Lane>();
  const queuesOf = new Map<string, Set<string>>();
  const early = new Map<string, readonly Letter[]>();
  const turns = new Map<string, Promise<unknown>>();

  const laneTo = (key: string, topic: string, route: () => Promise<Route>, onEmpty: () => void): Lane => {
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const lane = createLane({
      route,
      post: (target, letter) => poster.post(target, letter),
      onFailure: () => generations.forget(topic),
      onEmpty: () => {
        lanes.delete(key);
        onEmpty();
      },
      log,
    });
    lanes.set(key, lane);
    return lane;
  };

  const laneToNode = (topic: string, id: string): Lane =>
    laneTo(
      JSON.stringify([topic, 'node', id]),
      topic,
      async () => {
        const target = (await generations.audience(topic)).everybody.get(id);
        return target === undefined ? 'gone' : [target];
      },
      () => {},
    );

  const laneToQueue = (topic: string, queue: string): Lane => {
    const queues = queuesOf.get(topic) ?? new Set<string>();
    queuesOf.set(topic, queues.add(queue));
    return laneTo(
      JSON.stringify([topic, 'queue', queue]),
      topic,
      async () => (await generations.audience(topic)).queues.get(queue) ?? [],
      () => {
        queues.delete(queue);
        if (queues.size === 0) queuesOf.delete(topic);
      },
    );
  };

  const keepEarly = (topic: string, letter: Letter): void => {
    const kept = early.get(topic) ?? [];
    if (kept.length >= maxEarly) log.debug('nobody listens, an event is lost', { topic });
    else early.set(topic, [...kept, letter]);
    const [oldest] = early.keys();
    if (early.size > maxEarlyTopics && oldest !== undefined) early.delete(oldest);
  };

  /** Puts the letter into all lanes it belongs to; resolves, in the order of the calls, to their having room for it. */
  const address = async (topic: string, letter: Letter): Promise<() => Promise<unknown>> => {
    const { everybody, queues } = await generations.audience(topic);
    // A queue whose only member restarts has a lane for some time yet.
    const toQueues = new Set([...queues.keys(), ...(queuesOf.get(topic) ?? [])]);
    if (everybody.size === 0 && toQueues.size === 0) {
      keepEarly(topic, letter);
      return () => Promise.resolve();
    }
    const waited = (early.get(topic) ?? []).filter(({ expiresAt }) => Date.now() < expiresAt);
    early.delete(topic);
    const pushes = [...waited, letter].flatMap((each) => [
      ...[...everybody.keys()].map((id) => laneToNode(topic, id).push(each)),
      ...[...toQueues].map((queue) => laneToQueue(topic, queue).push(each)),
    ]);
    return () => Promise.all(pushes);
  };

  return {
    async publish(topic, headers, body) {
      const letter = newLetter(topic, headers, body);
      const before = turns.get(topic) ?? Promise.resolve();
      const mine = before.then(() => address(topic, letter));
      const turn = mine.catch(() => {});
      turns.set(topic, turn);
      try {
        const room = await mine;
        await room();
      } finally {
        if (turns.get(topic) === turn) turns.delete(topic);
      }
    },
    async close() {
      const over = new AbortController();
      const drained = Promise.all([...lanes.values()].map((lane) => lane.drained()));
      await Promise.race([drained, sleep(farewellMs, over.signal)]);
      over.abort();
      for (const lane of lanes.values()) lane.close();
    },
  };
}
