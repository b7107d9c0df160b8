import type { Msg, NatsConnection, NodeConnectionOptions, Subscription } from '@nats-io/transport-node';
import type { Log } from '../../../log/log.ts';
import { connectNats } from '../../../nats/connection.ts';
import { TransportError } from '../transport.ts';
import { newInbox } from './subject.ts';

/** Who gets what is sent to one subject below the link's inbox. */
export interface Ending {
  arrived(message: Msg): void;
  /** The connection to NATS is lost, and messages may be with it. */
  lost(error: TransportError): void;
  /** What was sent has reached NATS. */
  flushed(): void;
}

/** So much may be on its way to NATS before senders are told to wait. */
const highBytes = 1024 * 1024;
/** How long a connection that is not needed any more may take to send what is left. */
const lingerMs = 1000;

/** One connection to NATS, shared by all sockets of a transport. It connects again by itself, but what was on its way is lost then. */
export class Link {
  readonly #nats: NatsConnection;
  readonly #log: Log;
  readonly #inbox = `${newInbox()}.bot`;
  readonly #endings = new Map<string, Ending>();
  #count = 0;
  #isUp = true;
  #isClosed = false;
  #unflushedBytes = 0;
  #isFlushing = false;

  constructor(nats: NatsConnection, log: Log) {
    this.#nats = nats;
    this.#log = log;
    nats.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error !== null) log.warn('NATS refuses a subscription', { error });
        else this.#endings.get(message.subject)?.arrived(message);
      },
    });
    void this.#follow();
  }

  get maxPayload(): number {
    return this.#nats.info?.max_payload ?? 1024 * 1024;
  }

  get isUp(): boolean {
    return this.#isUp && !this.#isClosed;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A subject of its own for `ending`, until it is removed. */
  add(ending: Ending): string {
    this.#count += 1;
    const subject = `${this.#inbox}.${this.#count}`;
    this.#endings.set(subject, ending);
    return subject;
  }

  remove(subject: string): void {
    this.#endings.delete(subject);
  }

  /** Says whether NATS keeps up; false: each ending is told when it does again. What is sent while the connection is down is dropped. */
  publish(subject: string, payload: string, bytes: number, reply: string): boolean {
    if (!this.isUp) return true;
    this.#nats.publish(subject, payload, { reply });
    this.#unflushedBytes += bytes;
    if (this.#unflushedBytes < highBytes) return true;
    if (!this.#isFlushing) void this.#drain();
    return false;
  }

  subscribe(subject: string, arrived: (message: Msg) => void): Subscription {
    return this.#nats.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null) this.#log.warn('NATS refuses a subscription', { subject, error });
        else arrived(message);
      },
    });
  }

  /** Resolves to the answer, or undefined when none came in time or nobody is there. */
  async ask(subject: string, timeoutMs: number): Promise<string | undefined> {
    try {
      return (await this.#nats.request(subject, '', { timeout: timeoutMs })).string();
    } catch {
      return undefined;
    }
  }

  /** Resolves when NATS has read what was sent before, or the connection is lost. */
  async flush(): Promise<void> {
    try {
      if (this.isUp) await this.#nats.flush();
    } catch {
      // It is lost, which all endings are told.
    }
  }

  async close(): Promise<void> {
    const isUp = this.isUp;
    this.#isClosed = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, lingerMs);
    });
    if (isUp) await Promise.race([this.#nats.flush().catch(() => {}), late]);
    clearTimeout(timer);
    await this.#nats.close().catch(() => {});
  }

  async #drain(): Promise<void> {
    this.#isFlushing = true;
    await this.flush();
    this.#isFlushing = false;
    this.#unflushedBytes = 0;
    for (const ending of this.#endings.values()) ending.flushed();
  }

  async #follow(): Promise<void> {
    for await (const status of this.#nats.status()) {
      if (status.type === 'disconnect') this.#lost(status.server);
      else if (status.type === 'reconnect') {
        this.#isUp = true;
        this.#log.info('connected to NATS again', { server: status.server });
      } else if (status.type === 'error') this.#log.warn('NATS reports an error', { error: status.error });
    }
  }

  #lost(server: string): void {
    if (!this.isUp) return;
    this.#isUp = false;
    this.#log.warn('the connection to NATS was lost', { server });
    for (const ending of this.#endings.values()) {
      ending.lost(new TransportError('reset', `the connection to NATS was lost: ${server}`));
    }
  }
}

/** Rejects with `unreachable`. */
export async function openLink(options: NodeConnectionOptions, timeoutMs: number, log: Log): Promise<Link> {
  try {
    return new Link(await connectNats({ ...options, timeout: timeoutMs }), log);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    const servers = [options.servers ?? []].flat().join(', ');
    throw new TransportError('unreachable', `cannot reach NATS at ${servers}: ${reason}`, { cause: error });
  }
}
