import { inTime } from '../../async/in-time.ts';
import type { Log } from '../../log/log.ts';
import type { Body, Headers } from '../transport/transport.ts';
import { type Broker, BrokerError, type Subscription } from './broker.ts';
import { createDelivery, type Delivery } from './delivery.ts';

/** What a driver has between `connect` and `disconnect`. It keeps its connection alive by itself. Whatever it throws that is no `BrokerError` counts as `unreachable`. */
export interface Session {
  readonly address: string;
  publish(topic: string, headers: Headers, body: Body): Promise<void>;
  /** Resolves, when messages will come, to what takes the subscription back. */
  subscribe(topic: string, queue: string | undefined, delivery: Delivery): Promise<() => Promise<void>>;
  /** After all publishes and subscriptions are over. Does not reject. */
  close(): Promise<void>;
}

export interface Driver {
  readonly name: string;
  readonly log: Log;
  /** For one publish or subscription, in milliseconds, until its server must have answered. Absent: there is no server. */
  readonly patienceMs?: number;
  open(): Promise<Session>;
  /** Throws a `BrokerError` (`invalid`) for what this broker cannot have. */
  check(topic: string, queue: string | undefined): void;
}

/** What most drivers give their server. */
export const serverPatienceMs = 10_000;

/** What is the same for all drivers: the life of a broker and of its subscriptions. */
export function brokerOf(driver: Driver): Broker {
  const { name, log, patienceMs } = driver;
  let session: Session | undefined;
  const subscriptions = new Set<Subscription>();
  const leaving = new Set<Promise<void>>();
  let turn: Promise<void> = Promise.resolve();

  const current = (): Session => {
    if (session === undefined) throw disconnected(name);
    return session;
  };

  /** `connect` and `disconnect` never overlap. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  };

  const patiently = async <T>(work: Promise<T>, late?: (value: T) => void): Promise<T> => {
    try {
      return await (patienceMs === undefined ? work : inTime(work, patienceMs));
    } catch (error) {
      work.then(late, () => {});
      throw error instanceof BrokerError ? error : unreachable(name, error);
    }
  };

  return {
    name,
    get address() {
      return session?.address ?? '';
    },
    connect: () =>
      inTurn(async () => {
        session ??= await driver.open().catch((error: unknown) => {
          throw error instanceof BrokerError ? error : unreachable(name, error);
        });
      }),
    disconnect: () =>
      inTurn(async () => {
        const ending = session;
        if (ending === undefined) return;
        session = undefined;
        await Promise.all([...subscriptions].map((subscription) => subscription.unsubscribe()));
        await Promise.allSettled(leaving);
        await ending.close();
      }),
    async publish(topic, { headers, body }) {
      const on = current();
      driver.check(topic, undefined);
      const sent = patiently(on.publish(topic, headers, body));
      leaving.add(sent);
      try {
        await sent;
      } finally {
        leaving.delete(sent);
      }
    },
    async subscribe(topic, handler, { queue, autoAck = true } = {}) {
      const on = current();
      driver.check(topic, queue);
      const delivery = createDelivery({ topic, handler, autoAck, log });
      const leave = (take: () => Promise<void>): Promise<void> =>
        patiently(take()).catch((error: unknown) => log.warn('could not unsubscribe', { broker: name, topic, error }));
      const takeBack = await patiently(on.subscribe(topic, queue, delivery), (take) => void leave(take));
      let ended: Promise<void> | undefined;
      const subscription: Subscription = {
        topic,
        unsubscribe() {
          subscriptions.delete(subscription);
          delivery.close();
          ended ??= leave(takeBack);
          return ended;
        },
      };
      if (session !== on) {
        await subscription.unsubscribe();
        throw disconnected(name);
      }
      subscriptions.add(subscription);
      return subscription;
    },
  };
}

const disconnected = (name: string): BrokerError =>
  new BrokerError('disconnected', `the ${name} broker is not connected`);

const unreachable = (name: string, cause: unknown): BrokerError =>
  new BrokerError('unreachable', `the ${name} broker cannot be reached: ${reasonOf(cause)}`, { cause });

const reasonOf = (cause: unknown): string => {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  return cause instanceof Error ? cause.message : String(cause);
};
