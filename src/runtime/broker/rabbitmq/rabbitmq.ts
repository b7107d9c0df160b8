import { supervise } from '../../../async/supervise.ts';
import { type Log, silent } from '../../../log/log.ts';
import { type Broker, BrokerError } from '../broker.ts';
import type { Delivery } from '../delivery.ts';
import { brokerOf, serverPatienceMs, type Session } from '../session.ts';
import { serverUrl, shown } from '../url.ts';
import { type Consumer, openConsumer } from './consumer.ts';
import { type Link, type Links, openLinks } from './link.ts';

export interface RabbitmqBrokerOptions {
  /** `amqp://user:password@host:5672/vhost`, `amqps://host`, or `host:5672`. Default `amqp://guest:guest@127.0.0.1:5672`. */
  readonly url?: string;
  /** The topic exchange. Default `micro`, as in Go. */
  readonly exchange?: string;
  /** How many messages a subscription may hold that are not acknowledged. Default 32. */
  readonly prefetch?: number;
  readonly log?: Log;
}

/** Events over a RabbitMQ server, which keeps those of queues until they are dealt with. */
export function rabbitmqBroker(options: RabbitmqBrokerOptions = {}): Broker {
  const { url = 'amqp://127.0.0.1', log = silent } = options;
  const open = (): Promise<Session> => openSession(serverUrl(url, ['amqp', 'amqps']), options, log);
  return brokerOf({ name: 'rabbitmq', log, patienceMs: serverPatienceMs, open, check });
}

const maxNameBytes = 255;
const maxBodyBytes = 128 * 1024 * 1024;

function check(topic: string, queue: string | undefined): void {
  const words = topic.split('.');
  if (topic === '' || Buffer.byteLength(topic) > maxNameBytes || words.some((word) => word === '*' || word === '#'))
    throw new BrokerError('invalid', `RabbitMQ can't have the topic ${JSON.stringify(topic.slice(0, maxNameBytes))}`);
  if (queue !== undefined && (queue === '' || Buffer.byteLength(queue) > maxNameBytes || queue.startsWith('amq.')))
    throw new BrokerError('invalid', `RabbitMQ can't have the queue ${JSON.stringify(queue.slice(0, maxNameBytes))}`);
}

async function openSession(url: URL, options: RabbitmqBrokerOptions, log: Log): Promise<Session> {
  const { exchange = 'micro', prefetch = 32 } = options;
  const links = await openLinks(url, exchange, log);
  const queues = new Map<string, readonly Delivery[]>();
  const strangers = new Set<string>();

  /** A queue has the messages of all topics it is bound to, and brings them to any of its consumers. */
  const receiver = (queue: string, topic: string): Delivery | undefined => {
    const members = queues.get(queue) ?? [];
    const found = members.find((member) => member.topic === topic);
    if (found !== undefined) queues.set(queue, [...members.filter((member) => member !== found), found]);
    else if (!strangers.has(queue)) {
      strangers.add(queue);
      log.warn('a queue has events of a topic nobody here subscribes to: they are left to others', { queue, topic });
    }
    return found;
  };

  return {
    address: shown(url),
    async publish(topic, headers, body) {
      const content = Buffer.from(body);
      if (content.length > maxBodyBytes)
        throw new BrokerError('too_large', `RabbitMQ takes ${maxBodyBytes} bytes at most`);
      await publishOn(linkOf(links), exchange, topic, content, headers);
    },
    async subscribe(topic, queue, delivery) {
      const link = linkOf(links);
      if (queue !== undefined) queues.set(queue, [...(queues.get(queue) ?? []), delivery]);
      const forget = (): void => {
        if (queue === undefined) return;
        const left = (queues.get(queue) ?? []).filter((member) => member !== delivery);
        if (left.length === 0) queues.delete(queue);
        else queues.set(queue, left);
      };
      const open = (on: Link): Promise<Consumer> =>
        openConsumer(on, {
          exchange,
          topic,
          queue,
          prefetch,
          receiver: (key) => (queue === undefined ? delivery : receiver(queue, key)),
        });
      try {
        const leave = keepConsuming(links, await open(link), open, topic, log);
        return async () => {
          await leave();
          forget();
        };
      } catch (error) {
        forget();
        throw error;
      }
    },
    close: () => links.close(),
  };
}

function linkOf(links: Links): Link {
  if (links.current === undefined) throw new BrokerError('unreachable', 'the connection to RabbitMQ is down');
  return links.current;
}

/** Resolves when the server has the message. */
function publishOn(
  { publisher }: Link,
  exchange: string,
  topic: string,
  content: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    try {
      publisher.publish(exchange, topic, content, { headers: { ...headers }, persistent: true }, (error: unknown) => {
        if (error === null || error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('the server refused the message'));
      });
    } catch (error) {
      reject(
        error instanceof RangeError ? new BrokerError('invalid', error.message, { cause: error }) : (error as Error),
      );
    }
  });
}

/** Opens the consumer again, on the same link or the next, whenever it ends. */
function keepConsuming(
  links: Links,
  first: Consumer,
  open: (link: Link) => Promise<Consumer>,
  topic: string,
  log: Log,
): () => Promise<void> {
  const stop = new AbortController();
  let consumer: Consumer | undefined = first;
  void supervise(
    async (signal, healthy) => {
      if (consumer === undefined) {
        const link = await links.next();
        if (link === undefined || signal.aborted) return;
        consumer = await open(link);
        if (signal.aborted) await consumer.cancel();
        healthy();
      }
      await consumer.closed;
      consumer = undefined;
    },
    {
      signal: stop.signal,
      maxDelayMs: 5000,
      onFailure: (error) => log.debug('a subscription on RabbitMQ ended', { topic, error }),
    },
  );
  return async () => {
    stop.abort();
    await consumer?.cancel();
  };
}
