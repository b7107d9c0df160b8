import type { Message, Receiver, Socket, TransportError } from '../../../src/runtime/transport/transport.ts';
import { until } from '../../support/until.ts';

/** A receiver that keeps what it was told. */
export interface Collector extends Receiver {
  readonly messages: Message[];
  /** One entry for each time `closed` was called. */
  readonly closings: (TransportError | undefined)[];
  readonly drains: { count: number };
  texts(): readonly string[];
  /** Resolves with the bodies as text when `count` messages have come. */
  received(count: number): Promise<readonly string[]>;
  /** Resolves with the reason when the socket was closed. */
  ended(): Promise<TransportError | undefined>;
}

export function collector(onMessage: (message: Message) => void = () => {}): Collector {
  const messages: Message[] = [];
  const closings: (TransportError | undefined)[] = [];
  const drains = { count: 0 };
  const texts = (): readonly string[] => messages.map(({ body }) => body.toString());
  return {
    messages,
    closings,
    drains,
    texts,
    message(message) {
      messages.push(message);
      onMessage(message);
    },
    drain() {
      drains.count += 1;
    },
    closed(error) {
      closings.push(error);
    },
    async received(count) {
      await until(() => messages.length >= count);
      return texts();
    },
    async ended() {
      await until(() => closings.length > 0);
      return closings[0];
    },
  };
}

/** Answers each message with itself. */
export function echo(socket: Socket): Collector {
  return collector(({ headers, body }) => socket.send(headers, body));
}
