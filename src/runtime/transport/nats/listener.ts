import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Log } from '../../../log/log.ts';
import type { Listener, Receiver, Socket } from '../transport.ts';
import type { Link } from './link.ts';
import type { NatsSettings } from './socket.ts';
import { NatsSocket } from './socket.ts';
import { isOurs } from './subject.ts';

/** So many subjects of ended sockets are remembered. */
const maxEnded = 4096;

/** Makes a socket for each subject that asks for answers. All of them receive through the one subscription. */
export class NatsListener implements Listener {
  readonly address: string;
  readonly #link: Link;
  readonly #accept: (socket: Socket) => Receiver;
  readonly #settings: NatsSettings;
  readonly #log: Log;
  readonly #sockets = new Map<string, NatsSocket>();
  /** Ends of ours whose socket we ended: what they sent before they knew is not the beginning of another. */
  readonly #ended = new Set<string>();
  readonly #subscription: Subscription;
  readonly #onClosed: () => Promise<void>;
  #isOpen = true;
  #isReleased = false;

  constructor(
    link: Link,
    address: string,
    accept: (socket: Socket) => Receiver,
    settings: NatsSettings & { readonly log: Log },
    onClosed: () => Promise<void>,
  ) {
    this.address = address;
    this.#link = link;
    this.#accept = accept;
    this.#settings = settings;
    this.#log = settings.log;
    this.#onClosed = onClosed;
    this.#subscription = link.subscribe(address, (message) => this.#arrived(message));
  }

  /** Sockets that are open still receive through the subscription, so it ends with the last of them. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#releaseIfIdle();
  }

  #arrived(message: Msg): void {
    const { reply = '' } = message;
    const socket = this.#sockets.get(reply);
    if (socket !== undefined) socket.arrived(message);
    else if (reply === '' || message.data.length === 0)
      this.#log.debug('a message without a sender, or the end of one');
    else if (!this.#isOpen) this.#turnAway(reply);
    else if (!this.#ended.has(reply)) this.#open(reply).arrived(message);
  }

  #open(reply: string): NatsSocket {
    const ends = { side: 'server', subject: reply, local: this.address } as const;
    const socket = new NatsSocket(this.#link, ends, this.#settings, () => this.#forget(reply));
    this.#sockets.set(reply, socket);
    return socket.start(this.#accept(socket));
  }

  #turnAway(reply: string): void {
    // A Go client could not read it; it is left to its timeout.
    if (isOurs(reply)) this.#link.publish(reply, '', 0, '');
  }

  #forget(reply: string): void {
    this.#sockets.delete(reply);
    if (isOurs(reply)) this.#ended.add(reply);
    if (this.#ended.size > maxEnded)
      for (const oldest of [...this.#ended].slice(0, maxEnded / 2)) this.#ended.delete(oldest);
    if (!this.#isOpen) void this.#releaseIfIdle();
  }

  async #releaseIfIdle(): Promise<void> {
    if (this.#sockets.size > 0 || this.#isReleased) return;
    this.#isReleased = true;
    this.#subscription.unsubscribe();
    await this.#link.flush();
    await this.#onClosed();
  }
}
