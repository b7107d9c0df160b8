import { createInbox, type NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../../log/log.ts';

/** A message that came. */
export interface Heard {
  readonly text: string;
  /** Where an answer is wanted; empty when none is. */
  readonly reply: string;
  /** The server says that nobody listens where we asked. */
  readonly isNobody: boolean;
}

/** A subject of one's own, until it is left. */
export interface Box {
  readonly subject: string;
  leave(): void;
}

/**
 * One connection to NATS, from its beginning to its end: it does not come back. A server that does not answer ends it, since it can't be
 * told from one that is gone.
 */
export class Session {
  readonly #nats: NatsConnection;
  readonly #timeoutMs: number;
  readonly #log: Log;
  readonly #inbox = createInbox();
  readonly #boxes = new Map<string, (heard: Heard) => void>();
  /** Who is told of the end. */
  readonly #mourners = new Set<(error: Error) => void>();
  readonly #refused = new Set<string>();
  #end: Error | undefined;
  #count = 0;

  /** `timeoutMs`: how long the server may take for an answer. */
  constructor(nats: NatsConnection, timeoutMs: number, log: Log) {
    this.#nats = nats;
    this.#timeoutMs = timeoutMs;
    this.#log = log;
    const inbox = `${this.#inbox}.*`;
    nats.subscribe(inbox, {
      callback: (error, message) => {
        if (error === null) this.#boxes.get(message.subject)?.(heardIn(message));
        // Without answers nothing that was asked could be believed.
        else this.drop(error);
      },
    });
    void nats.closed().then((error) => this.drop(error instanceof Error ? error : new Error('it hung up')));
    void this.#followErrors();
  }

  get server(): string {
    return this.#nats.getServer();
  }

  get isUp(): boolean {
    return this.#end === undefined && !this.#nats.isClosed();
  }

  /** The largest message there may be. */
  get maxBytes(): number {
    return this.#nats.info?.max_payload ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the server let it be known that we may not do this on this subject. */
  refuses(what: 'publish' | 'subscription', subject: string): boolean {
    return this.#refused.has(`${what} ${subject}`);
  }

  /** Calls `mourn` once, when it ends; at once if it has ended. Returns what calls it off. */
  onEnd(mourn: (error: Error) => void): () => void {
    if (this.#end === undefined) this.#mourners.add(mourn);
    else mourn(this.#end);
    return () => this.#mourners.delete(mourn);
  }

  /** Goes nowhere when the connection is gone. */
  publish(subject: string, text: string, reply = ''): void {
    if (this.isUp) this.#nats.publish(subject, text, { reply });
  }

  /** Returns what ends it. */
  subscribe(subject: string, hear: (heard: Heard) => void): () => void {
    if (!this.isUp) return () => {};
    const subscription = this.#nats.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) hear(heardIn(message));
        else {
          this.#refused.add(`subscription ${subject}`);
          this.#log.warn('NATS refuses a subscription', { server: this.server, error });
        }
      },
    });
    return () => {
      if (this.isUp) subscription.unsubscribe();
    };
  }

  box(hear: (heard: Heard) => void): Box {
    this.#count += 1;
    const subject = `${this.#inbox}.${this.#count}`;
    this.#boxes.set(subject, hear);
    return { subject, leave: () => void this.#boxes.delete(subject) };
  }

  /** Resolves when the server has dealt with what was sent before, and what it sent before has come. Rejects when the connection ends. */
  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.drop(new Error(`no answer within ${this.#timeoutMs} ms`)), this.#timeoutMs);
      const callOff = this.onEnd((error) => {
        clearTimeout(late);
        reject(error);
      });
      this.#nats.flush().then(
        () => {
          clearTimeout(late);
          callOff();
          resolve();
        },
        (error: unknown) => this.drop(error instanceof Error ? error : new Error(String(error))),
      );
    });
  }

  /** Ends it without a word. */
  drop(reason: Error): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    this.#nats.close().catch(() => {});
    this.#boxes.clear();
    const mourners = [...this.#mourners];
    this.#mourners.clear();
    for (const mourn of mourners) mourn(reason);
  }

  /** Ends it when all that was sent has arrived, or its time is up. */
  async close(): Promise<void> {
    if (this.isUp) await this.flush().catch(() => {});
    this.drop(new Error('it was closed'));
  }

  async #followErrors(): Promise<void> {
    for await (const status of this.#nats.status()) {
      if (status.type !== 'error') continue;
      const { error } = status;
      // The class of a refusal is not exported. Each question is refused anew, which is told once.
      const refusal =
        'operation' in error && 'subject' in error ? `${String(error.operation)} ${String(error.subject)}` : '';
      if (this.#refused.has(refusal)) continue;
      this.#log.warn('NATS reports an error', { server: this.server, error });
      if (refusal !== '') this.#refused.add(refusal);
    }
  }
}

interface Message {
  readonly data: Uint8Array;
  readonly reply?: string;
  readonly headers?: { readonly code: number };
}

const heardIn = ({ data, reply = '', headers }: Message): Heard => ({
  text: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString(),
  reply,
  isNobody: data.length === 0 && headers?.code === 503,
});
