import { connectAsync, type IClientOptions } from 'mqtt';
import type { Log } from '../../../log/log.ts';
import { BrokerError } from '../broker.ts';
import type { Delivery } from '../delivery.ts';
import { deliverJson } from '../json-delivery.ts';
import { decoded, shown } from '../url.ts';

/** A connection that is kept alive until it is closed. */
export interface Connection {
  /** Resolves when the server has acknowledged. */
  publish(topic: string, payload: string): Promise<void>;
  subscribe(topic: string, delivery: Delivery): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const connectTimeoutMs = 5000;
const keepaliveSeconds = 20;
const maxReconnectMs = 1000;

/** One topic the server knows of. */
interface Filter {
  members: readonly Delivery[];
  readonly granted: Promise<void>;
}

/** Rejects when the server does not answer the first time. All subscriptions on it belong to `queue`. */
export async function openConnection(url: URL, queue: string | undefined, log: Log): Promise<Connection> {
  const topics = new Map<string, Filter>();
  const client = await connectAsync(shown(url) + url.pathname, optionsOf(url), false);
  let closing = false;

  client.on('error', (error) => log.debug('an error on the connection to MQTT', { server: shown(url), error }));
  client.on('close', () => {
    // Not all at the same moment.
    client.options.reconnectPeriod = maxReconnectMs / 4 + Math.random() * (maxReconnectMs * 0.75);
  });
  client.on('offline', () => {
    if (!closing) log.warn('the connection to MQTT was lost', { server: shown(url) });
  });
  client.on('connect', () => log.info('connected to MQTT again', { server: shown(url) }));
  client.on('message', (topic, payload) => {
    const filter = topics.get(topic);
    const [first, ...others] = filter?.members ?? [];
    if (filter === undefined || first === undefined) return;
    const receivers = queue === undefined ? filter.members : [first];
    if (queue !== undefined) filter.members = [...others, first];
    for (const delivery of receivers) deliverJson(delivery, payload, log);
  });

  const online = (): void => {
    if (!client.connected) throw new BrokerError('unreachable', 'the connection to MQTT is down');
  };
  const textOf = (topic: string): string => (queue === undefined ? topic : `$share/${queue}/${topic}`);

  const ask = (topic: string): Filter => {
    const granted = client.subscribeAsync(textOf(topic), { qos: 1 }).then(([grant]) => {
      if (grant === undefined || grant.qos > 2)
        throw new BrokerError('invalid', `the MQTT server refuses the topic ${JSON.stringify(topic)}`);
    });
    const filter: Filter = { members: [], granted };
    topics.set(topic, filter);
    return filter;
  };

  const leave = async (topic: string, filter: Filter, delivery: Delivery): Promise<void> => {
    filter.members = filter.members.filter((other) => other !== delivery);
    if (filter.members.length > 0 || topics.get(topic) !== filter) return;
    topics.delete(topic);
    const told = client.unsubscribeAsync(textOf(topic));
    if (client.connected) await told;
    // When the server comes back it is not asked for this topic again.
    else told.catch(() => {});
  };

  return {
    async publish(topic, payload) {
      // Else it would wait for the server to come back, however long that takes.
      online();
      await client.publishAsync(topic, payload, { qos: 1 });
    },
    async subscribe(topic, delivery) {
      online();
      const filter = topics.get(topic) ?? ask(topic);
      filter.members = [...filter.members, delivery];
      try {
        await filter.granted;
      } catch (error) {
        if (topics.get(topic) === filter) topics.delete(topic);
        throw error;
      }
      return () => leave(topic, filter, delivery);
    },
    async close() {
      closing = true;
      await client.endAsync(true);
    },
  };
}

const optionsOf = (url: URL): IClientOptions => ({
  clean: true,
  connectTimeout: connectTimeoutMs,
  keepalive: keepaliveSeconds,
  reconnectPeriod: maxReconnectMs,
  ...(url.username === '' ? {} : { username: decoded(url.username), password: decoded(url.password) }),
});
