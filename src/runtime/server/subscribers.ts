import type { Metadata } from '../../discovery/registry.ts';
import type { Log } from '../../log/log.ts';
import type { Broker, BrokerEvent, Subscription } from '../broker/broker.ts';
import type { Codecs } from '../codec/codec.ts';
import { contextKey, OwnedContext } from '../context.ts';
import type { ContextKey } from '../context.ts';
import { MicroError } from '../errors.ts';
import { valueOf } from '../metadata.ts';
import type { ServerEvent, Subscriber, SubscriberFunc, SubscriberWrapper } from './server.ts';

/** Says that an event is dealt with, for subscribers with `autoAck: false`: `await context.get(acknowledge)?.()`. */
const acknowledge: ContextKey<() => Promise<void>> = contextKey('acknowledge the event');

/** An absent content type has this meaning in every go-micro. */
const defaultContentType = 'application/protobuf';

export interface SubscribersOptions {
  readonly broker: Broker | undefined;
  readonly codecs: Codecs;
  readonly wrappers: readonly SubscriberWrapper[];
  readonly log: Log;
  /** Around each event: what runs is counted. */
  readonly begin: () => void;
  readonly end: (failed: boolean) => void;
}

interface Entry {
  readonly subscriber: Subscriber;
  readonly run: SubscriberFunc;
}

/** Gives events to the subscribers of one server, wherever they come from: the broker, or a request that names a topic. */
export class Subscribers {
  readonly #options: SubscribersOptions;
  readonly #entries: Entry[] = [];
  readonly #running = new Set<OwnedContext>();
  #subscriptions: readonly Subscription[] = [];

  constructor(options: SubscribersOptions) {
    this.#options = options;
  }

  get all(): readonly Subscriber[] {
    return this.#entries.map(({ subscriber }) => subscriber);
  }

  add(subscriber: Subscriber): void {
    if (subscriber.topic === '') throw new Error('a subscriber needs a topic');
    if (this.#options.broker === undefined)
      throw new Error(`a server without a broker cannot subscribe to ${subscriber.topic}`);
    const innermost: SubscriberFunc = (context, { body }) => subscriber.handler(body as never, context);
    const wrappers = subscriber.internal === true ? [] : this.#options.wrappers;
    this.#entries.push({ subscriber, run: wrappers.reduceRight((next, wrap) => wrap(next), innermost) });
  }

  /** Connects the broker when somebody subscribes. Rejects with a `BrokerError`. */
  async connect(): Promise<void> {
    if (this.#entries.length > 0) await this.#options.broker?.connect();
  }

  /** Rejects with a `BrokerError`, and subscribes to nothing then. */
  async start(): Promise<void> {
    const { broker } = this.#options;
    if (broker === undefined) return;
    const made = await Promise.allSettled(
      this.#entries.map((entry) => {
        const { topic, queue, autoAck } = entry.subscriber;
        const options = { ...(queue === undefined ? {} : { queue }), ...(autoAck === undefined ? {} : { autoAck }) };
        return broker.subscribe(topic, (event) => this.#receive(entry, event), options);
      }),
    );
    this.#subscriptions = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failed = made.find((each) => each.status === 'rejected');
    if (failed === undefined) return;
    await this.stop();
    throw failed.reason;
  }

  /** No event begins any more; those that run may end. */
  async stop(): Promise<void> {
    const subscriptions = this.#subscriptions;
    this.#subscriptions = [];
    const ended = await Promise.allSettled(subscriptions.map((subscription) => subscription.unsubscribe()));
    for (const each of ended) {
      if (each.status === 'rejected') this.#options.log.warn('could not unsubscribe', { error: each.reason });
    }
  }

  /** Tells the handlers that still run that nobody waits for them any more. */
  abort(reason: MicroError): void {
    for (const context of this.#running) context.cancel(reason);
  }

  /** An event that came as a request. Rejects with what the first subscriber that failed threw. */
  async deliver(topic: string, headers: Metadata, body: Buffer): Promise<void> {
    const wanted = this.#entries.filter(({ subscriber }) => subscriber.topic === topic);
    const event: BrokerEvent = { topic, message: { headers, body }, ack: () => Promise.resolve() };
    const ended = await Promise.allSettled(wanted.map((entry) => this.#receive(entry, event)));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  }

  async #receive({ subscriber, run }: Entry, received: BrokerEvent): Promise<void> {
    const { log, begin, end } = this.#options;
    const { topic, message } = received;
    const contentType = valueOf(message.headers, 'Content-Type') || defaultContentType;
    const event = this.#read(subscriber, contentType, topic, message.body);
    if (event === undefined) {
      if (subscriber.autoAck === false) await received.ack();
      return;
    }
    const context = new OwnedContext(message.headers, undefined, undefined);
    this.#running.add(context);
    begin();
    try {
      await run(
        context.with(acknowledge, () => received.ack()),
        event,
      );
      end(false);
    } catch (error) {
      end(true);
      log.error('a subscriber failed', { topic, error });
      throw error;
    } finally {
      this.#running.delete(context);
      context.end();
    }
  }

  /** Undefined for what nobody can read: bringing it again would not help. */
  #read(subscriber: Subscriber, contentType: string, topic: string, body: Buffer): ServerEvent | undefined {
    const { codecs, log } = this.#options;
    const codec = codecs.get(contentType);
    if (codec === undefined) {
      log.warn('an event has a content type that nobody here reads', { topic, contentType });
      return undefined;
    }
    try {
      return { topic, contentType, body: codec.decode(body, subscriber.message) };
    } catch (error) {
      log.warn('an event could not be read', { topic, contentType, error: MicroError.from(error, '') });
      return undefined;
    }
  }
}
