import { type Log, silent } from '../../log/log.ts';
import { type Broker, BrokerError } from './broker.ts';
import type { Delivery } from './delivery.ts';
import { brokerOf, type Session } from './session.ts';

export interface MemoryBrokerOptions {
  readonly log?: Log;
}

/** Carries events inside this process. Whoever shall hear each other shares one object. */
export function memoryBroker({ log = silent }: MemoryBrokerOptions = {}): Broker {
  return brokerOf({
    name: 'memory',
    log,
    open: () => Promise.resolve(memorySession()),
    check(topic) {
      if (topic === '') throw new BrokerError('invalid', 'a topic needs a name');
    },
  });
}

interface Member {
  readonly queue: string | undefined;
  readonly delivery: Delivery;
}

function memorySession(): Session {
  const topics = new Map<string, readonly Member[]>();
  return {
    address: 'memory',
    async publish(topic, headers, body) {
      const members = topics.get(topic) ?? [];
      const chosen = receivers(members);
      // Whoever is next in a queue is last from now on.
      if (members.length > 1) topics.set(topic, [...members.filter((member) => !chosen.includes(member)), ...chosen]);
      for (const { delivery } of chosen) {
        const own = typeof body === 'string' ? Buffer.from(body) : Buffer.from(Uint8Array.from(body).buffer);
        delivery.deliver({ headers: { ...headers }, body: own });
      }
    },
    async subscribe(topic, queue, delivery) {
      const member: Member = { queue, delivery };
      topics.set(topic, [...(topics.get(topic) ?? []), member]);
      return async () => {
        const left = (topics.get(topic) ?? []).filter((other) => other !== member);
        if (left.length === 0) topics.delete(topic);
        else topics.set(topic, left);
      };
    },
    close: () => Promise.resolve(),
  };
}

/** Everybody without a queue, and the first of each queue. */
function receivers(members: readonly Member[]): readonly Member[] {
  const queues = new Set<string>();
  return members.filter(({ queue }) => {
    if (queue === undefined) return true;
    const first = !queues.has(queue);
    queues.add(queue);
    return first;
  });
}
