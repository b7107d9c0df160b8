import type { ConsumeMessage } from 'amqplib';
import { withResolvers } from '../../../async/queue.ts';
import type { Delivery } from '../delivery.ts';
import type { Headers } from '../../transport/transport.ts';
import { declare, type Link } from './link.ts';

export interface ConsumerOptions {
  readonly exchange: string;
  readonly topic: string;
  readonly queue: string | undefined;
  readonly prefetch: number;
  /** Who gets a message of this topic; undefined when nobody here wants it. */
  readonly receiver: (topic: string) => Delivery | undefined;
}

/** One subscription on one link. */
export interface Consumer {
  /** Resolves when the server has ended it, or the link. */
  readonly closed: Promise<void>;
  /** No message comes any more; what was handed over may still be acknowledged. */
  cancel(): Promise<void>;
}

/** A message that was refused is brought again after this time: at once would be again and again. */
const redeliveryMs = 1000;

export async function openConsumer(link: Link, options: ConsumerOptions): Promise<Consumer> {
  const { exchange, topic, queue, prefetch, receiver } = options;
  const channel = await link.connection.createChannel();
  const { promise: closed, resolve } = withResolvers<void>();
  const letters = new Set<Letter>();
  let open = true;
  let cancelled = false;
  const end = (): void => {
    open = false;
    for (const { timer } of letters) clearTimeout(timer);
    letters.clear();
    resolve();
  };
  channel.on('close', end);
  channel.on('error', end);

  const settle = (letter: Letter, how: (message: ConsumeMessage) => void): void => {
    clearTimeout(letter.timer);
    if (!letters.delete(letter) || !open) return;
    how(letter.message);
    if (cancelled && letters.size === 0) void close();
  };
  const requeue = (letter: Letter): void => settle(letter, (message) => channel.nack(message, false, true));
  const close = async (): Promise<void> => {
    if (open) await channel.close().catch(() => {});
  };

  const take = (message: ConsumeMessage): void => {
    const letter: Letter = { message, timer: undefined };
    letters.add(letter);
    const refuse = (): void => {
      letter.timer ??= setTimeout(() => requeue(letter), redeliveryMs);
    };
    const delivery = receiver(message.fields.routingKey);
    if (delivery === undefined) refuse();
    else
      delivery.deliver({
        headers: headersOf(message),
        body: message.content,
        ack: () => settle(letter, (done) => channel.ack(done)),
        refuse,
      });
  };

  try {
    await channel.prefetch(prefetch);
    const name = await queueFor(link, queue);
    await channel.bindQueue(name, exchange, topic);
    // Null: the server ended it, because the queue was deleted.
    const { consumerTag } = await channel.consume(name, (message) => (message === null ? void close() : take(message)));
    return {
      closed,
      async cancel() {
        if (!open) return;
        await channel.cancel(consumerTag);
        cancelled = true;
        for (const letter of letters) if (letter.timer !== undefined) requeue(letter);
        if (letters.size === 0) await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Letter {
  readonly message: ConsumeMessage;
  /** While it waits to be given back. */
  timer: NodeJS.Timeout | undefined;
}

/** A queue of its own, gone with the link; or the shared one, which keeps messages while nobody is there. */
async function queueFor({ connection }: Link, queue: string | undefined): Promise<string> {
  const { queue: name } = await declare(
    connection,
    (channel) =>
      queue === undefined
        ? channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false })
        : channel.assertQueue(queue, { durable: true }),
    // Go's plugin makes queues that don't last, unless it is told to.
    (channel) => channel.checkQueue(queue ?? ''),
  );
  return name;
}

/** A message of a peer that does not say its topic has it from us: that is how go-micro 6 hands it over. */
function headersOf({ properties, fields }: ConsumeMessage): Headers {
  const given: Readonly<Record<string, unknown>> = properties.headers ?? {};
  const texts = Object.entries(given).map(([name, value]) => [name, textOf(value)] as const);
  return Object.fromEntries([['Micro-Topic', fields.routingKey] as const, ...texts]);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return Buffer.isBuffer(value) ? value.toString() : JSON.stringify(value);
}
