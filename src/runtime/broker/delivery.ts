import type { Log } from '../../log/log.ts';
import type { Headers } from '../transport/transport.ts';
import type { BrokerEvent, BrokerHandler } from './broker.ts';

/** One message for one subscription, with what its broker wants to hear. Nothing of it may throw. */
export interface Parcel {
  readonly headers: Headers;
  readonly body: Buffer;
  /** Asked when its turn comes; false: its sender has given up, and the handler does not get it. */
  readonly take?: () => boolean;
  /** It was dealt with. */
  readonly ack?: () => void;
  /** It was not dealt with: the handler threw, or will never get it. */
  readonly refuse?: () => void;
}

export interface DeliveryOptions {
  readonly topic: string;
  readonly handler: BrokerHandler;
  readonly autoAck: boolean;
  readonly log: Log;
}

/** Gives the messages of one subscription to its handler, one after the other: the next when the handler has returned. */
export interface Delivery {
  readonly topic: string;
  deliver(parcel: Parcel): void;
  /** What waits is refused, and so is what still comes. */
  close(): void;
}

/** What may wait for a handler that does not keep up. */
const maxWaiting = 65_536;
const maxWaitingBytes = 64 * 1024 * 1024;

export function createDelivery({ topic, handler, autoAck, log }: DeliveryOptions): Delivery {
  let waiting: Parcel[] = [];
  let next = 0;
  let waitingBytes = 0;
  let running = false;
  let closed = false;
  let overflowing = false;

  const full = (): boolean => waiting.length - next >= maxWaiting || waitingBytes >= maxWaitingBytes;

  const shift = (): Parcel | undefined => {
    const parcel = waiting[next];
    if (parcel === undefined) return undefined;
    next += 1;
    waitingBytes -= parcel.body.length;
    // To shift one by one moves all the others each time.
    if (next === waiting.length || next >= 1024) {
      waiting = waiting.slice(next);
      next = 0;
    }
    return parcel;
  };

  const run = async (): Promise<void> => {
    running = true;
    await Promise.resolve();
    for (let parcel = shift(); parcel !== undefined; parcel = shift()) {
      if (parcel.take?.() !== false) await handle(parcel);
    }
    running = false;
    if (overflowing) log.info('the handler keeps up again', { topic });
    overflowing = false;
  };

  const handle = async ({ headers, body, ack, refuse }: Parcel): Promise<void> => {
    let settled = false;
    const settle = (how: (() => void) | undefined): void => {
      if (settled) return;
      settled = true;
      how?.();
    };
    const event: BrokerEvent = {
      topic,
      message: { headers, body },
      ack() {
        settle(ack);
        return Promise.resolve();
      },
    };
    try {
      await handler(event);
      if (autoAck) settle(ack);
    } catch (error) {
      log.warn('the handler of an event failed', { topic, error });
      settle(refuse);
    }
  };

  return {
    topic,
    deliver(parcel) {
      if (closed || full()) {
        if (!closed && !overflowing) log.warn('the handler does not keep up: events are refused', { topic });
        overflowing = !closed;
        parcel.refuse?.();
        return;
      }
      waiting.push(parcel);
      waitingBytes += parcel.body.length;
      if (!running) void run();
    },
    close() {
      closed = true;
      const left = waiting.slice(next);
      waiting = [];
      next = 0;
      waitingBytes = 0;
      for (const { refuse } of left) refuse?.();
    },
  };
}
