import { createClient } from 'redis';
import { inTime } from '../../../async/in-time.ts';
import { type Log, silent } from '../../../log/log.ts';
import { type Broker, BrokerError } from '../broker.ts';
import { deliverJson } from '../json-delivery.ts';
import { encodeMessage } from '../json-message.ts';
import { brokerOf, serverPatienceMs, type Session } from '../session.ts';
import { serverUrl, shown } from '../url.ts';

export interface RedisBrokerOptions {
  /** `redis://user:password@host:6379`, `rediss://host`, or `host:6379`. Default `redis://127.0.0.1:6379`. */
  readonly url?: string;
  readonly log?: Log;
}

/** Events over the channels of a Redis server. Redis gives each message to all subscribers: there are no queues. */
export function redisBroker({ url = 'redis://127.0.0.1', log = silent }: RedisBrokerOptions = {}): Broker {
  return brokerOf({
    name: 'redis',
    log,
    patienceMs: serverPatienceMs,
    open: () => openSession(serverUrl(url, ['redis', 'rediss']), log),
    check,
  });
}

function check(topic: string, queue: string | undefined): void {
  if (topic === '') throw new BrokerError('invalid', 'a topic needs a name');
  if (queue !== undefined)
    throw new BrokerError('invalid', 'Redis has no queues: all subscribers would get each event. Use another broker');
}

const connectTimeoutMs = 5000;
/** A server that says nothing for longer than two pings is gone. */
const pingMs = 10_000;
const maxReconnectMs = 1000;

/** A connection that is kept alive until it is closed. Rejects when the server does not answer the first time. */
async function openClient(url: URL, log: Log): Promise<ReturnType<typeof newClient>> {
  let connected = false;
  let down = false;
  const client = newClient(url, () => connected);
  client.on('error', (error: unknown) => {
    if (connected && !down) log.warn('the connection to Redis was lost', { server: shown(url), error });
    down = true;
  });
  client.on('ready', () => {
    if (connected) log.info('connected to Redis again', { server: shown(url) });
    down = false;
  });
  // A server that wants a password says so only when it is asked something.
  const greeted = client.connect().then(() => client.ping());
  try {
    await inTime(greeted, connectTimeoutMs);
  } catch (error) {
    if (client.isOpen) client.destroy();
    throw error;
  }
  connected = true;
  return client;
}

const newClient = (url: URL, goesOn: () => boolean) =>
  createClient({
    url: url.href,
    // What every Redis speaks.
    RESP: 2,
    disableOfflineQueue: true,
    pingInterval: pingMs,
    socket: {
      connectTimeout: connectTimeoutMs,
      socketTimeout: 2 * pingMs + connectTimeoutMs,
      reconnectStrategy: (_retries, cause) =>
        goesOn() ? maxReconnectMs / 4 + Math.random() * (maxReconnectMs * 0.75) : cause,
    },
  });

async function openSession(url: URL, log: Log): Promise<Session> {
  const publisher = await openClient(url, log);
  // A connection that subscribes can do nothing else in this dialect.
  const subscriber = await openClient(url, log).catch((error: unknown) => {
    publisher.destroy();
    throw error;
  });
  return {
    address: shown(url),
    async publish(topic, headers, body) {
      await publisher.publish(topic, encodeMessage(headers, body));
    },
    async subscribe(topic, _queue, delivery) {
      const listener = (bytes: Buffer): void => deliverJson(delivery, bytes, log);
      await subscriber.subscribe(topic, listener, true);
      return () => subscriber.unsubscribe(topic, listener, true);
    },
    async close() {
      publisher.destroy();
      subscriber.destroy();
    },
  };
}
