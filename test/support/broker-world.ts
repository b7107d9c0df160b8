import { onTestFinished } from 'vitest';
import type {
  Broker,
  BrokerEvent,
  BrokerHandler,
  SubscribeOptions,
  Subscription,
} from '../../src/runtime/broker/broker.ts';

/** What a subscription got. */
export interface Heard {
  readonly subscription: Subscription;
  /** Bodies as text, in order. */
  readonly bodies: readonly string[];
  readonly messages: readonly BrokerEvent['message'][];
  readonly topics: readonly string[];
}

/** Subscribes and remembers what comes. */
export async function listen(broker: Broker, topic: string, options: SubscribeOptions = {}): Promise<Heard> {
  const bodies: string[] = [];
  const messages: BrokerEvent['message'][] = [];
  const topics: string[] = [];
  const handler: BrokerHandler = ({ topic, message }) => {
    topics.push(topic);
    bodies.push(message.body.toString());
    messages.push(message);
  };
  return { subscription: await broker.subscribe(topic, handler, options), bodies, messages, topics };
}

export const say = (broker: Broker, topic: string, body: string | Uint8Array = ''): Promise<void> =>
  broker.publish(topic, { headers: {}, body });

/** Connects and, when the test is over, disconnects. */
export async function connected<T extends Broker>(broker: T): Promise<T> {
  onTestFinished(() => broker.disconnect());
  await broker.connect();
  return broker;
}
