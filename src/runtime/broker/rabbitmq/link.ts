import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { connect } from 'amqplib';
import { withResolvers } from '../../../async/queue.ts';
import { supervise } from '../../../async/supervise.ts';
import type { Log } from '../../../log/log.ts';
import { shown } from '../url.ts';

/** One connection to the server, as long as it lasts. */
export interface Link {
  readonly connection: ChannelModel;
  readonly publisher: ConfirmChannel;
  /** Resolves when it is over, for whatever reason. */
  readonly closed: Promise<Error | undefined>;
}

/** A connection that is made again whenever it is lost. */
export interface Links {
  readonly current: Link | undefined;
  /** The link there is, or the next one there will be; undefined when there will be none. */
  next(): Promise<Link | undefined>;
  close(): Promise<void>;
}

const connectTimeoutMs = 5000;
const heartbeatSeconds = 10;
const minDelayMs = 250;
const maxDelayMs = 5000;

/** Rejects when the server does not answer the first time. */
export async function openLinks(url: URL, exchange: string, log: Log): Promise<Links> {
  const stop = new AbortController();
  let first: Link | undefined = await openLink(url, exchange);
  let current: Link | undefined = first;
  let arrival = withResolvers<Link | undefined>();

  const keeping = supervise(
    async (signal, healthy) => {
      const link = first ?? (await openLink(url, exchange));
      if (signal.aborted) {
        await hangUp(link.connection);
        return;
      }
      if (first === undefined) log.info('connected to RabbitMQ again', { server: shown(url) });
      first = undefined;
      current = link;
      arrival.resolve(link);
      healthy();
      const error = await link.closed;
      current = undefined;
      arrival = withResolvers();
      await hangUp(link.connection);
      throw error ?? new Error('the server closed the connection');
    },
    {
      signal: stop.signal,
      minDelayMs,
      maxDelayMs,
      onFailure: (error, delayMs) =>
        log.warn('there is no connection to RabbitMQ', { server: shown(url), error, delayMs: Math.round(delayMs) }),
    },
  );

  return {
    get current() {
      return current;
    },
    next: () => (current === undefined && !stop.signal.aborted ? arrival.promise : Promise.resolve(current)),
    async close() {
      stop.abort();
      const last = current;
      current = undefined;
      arrival.resolve(undefined);
      if (last !== undefined) await hangUp(last.connection);
      await keeping;
    },
  };
}

async function openLink(url: URL, exchange: string): Promise<Link> {
  const target = new URL(url);
  if (!target.searchParams.has('heartbeat')) target.searchParams.set('heartbeat', String(heartbeatSeconds));
  const connection = await connect(target.href, { timeout: connectTimeoutMs });
  const { promise: closed, resolve } = withResolvers<Error | undefined>();
  connection.on('error', resolve);
  connection.on('close', resolve);
  try {
    await declare(
      connection,
      // As Go's plugin declares it, unless somebody else was first.
      (channel) => channel.assertExchange(exchange, 'topic', { durable: false }),
      (channel) => channel.checkExchange(exchange),
    );
    const publisher = await connection.createConfirmChannel();
    publisher.on('error', resolve);
    publisher.on('close', () => resolve(undefined));
    return { connection, publisher, closed };
  } catch (error) {
    await hangUp(connection);
    throw error;
  }
}

const preconditionFailed = 406;

/** Does `first`, or `otherwise` when the server has the thing already, with other properties. */
export async function declare<T>(
  connection: ChannelModel,
  first: (channel: Channel) => Promise<T>,
  otherwise: (channel: Channel) => Promise<T>,
): Promise<T> {
  try {
    return await onChannel(connection, first);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== preconditionFailed) throw error;
    return onChannel(connection, otherwise);
  }
}

async function onChannel<T>(connection: ChannelModel, work: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.createChannel();
  let open = true;
  channel.on('close', () => {
    open = false;
  });
  // The work rejects with it.
  channel.on('error', () => {
    open = false;
  });
  try {
    return await work(channel);
  } finally {
    if (open) await channel.close();
  }
}

const hangUp = (connection: ChannelModel): Promise<void> => connection.close().catch(() => {});
