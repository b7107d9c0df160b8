import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { sleep } from '../../../async/sleep.ts';
import type { Log } from '../../../log/log.ts';
import { TransportError } from '../transport.ts';
import type { Link } from './link.ts';
import { openLink } from './link.ts';

const pollMs = 20;

/** Connects to NATS when somebody needs it, and hangs up when nobody does any more. */
export class Hub {
  readonly #options: NodeConnectionOptions;
  readonly #log: Log;
  #opening: Promise<Link> | undefined;
  #link: Link | undefined;
  #users = 0;

  constructor(options: NodeConnectionOptions, log: Log) {
    this.#options = options;
    this.#log = log;
  }

  /** To be followed by `leave`. Rejects with `unreachable` or `timeout`; there is nothing to leave then. */
  async enter(timeoutMs: number): Promise<Link> {
    const end = Date.now() + timeoutMs;
    this.#users += 1;
    try {
      const link = await within(this.#connected(timeoutMs), timeoutMs);
      while (!link.isUp) {
        if (link.isClosed || Date.now() >= end)
          throw new TransportError('unreachable', 'the connection to NATS is down');
        await sleep(pollMs);
      }
      return link;
    } catch (error) {
      await this.leave();
      throw error;
    }
  }

  async leave(): Promise<void> {
    this.#users -= 1;
    const link = this.#link;
    if (this.#users > 0 || link === undefined) return;
    this.#link = undefined;
    this.#opening = undefined;
    await link.close();
  }

  #connected(timeoutMs: number): Promise<Link> {
    this.#opening ??= this.#open(timeoutMs);
    return this.#opening;
  }

  async #open(timeoutMs: number): Promise<Link> {
    try {
      const link = await openLink(this.#options, timeoutMs, this.#log);
      this.#link = link;
      // Nobody waited so long.
      if (this.#users === 0) void this.#hangUp(link);
      return link;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #hangUp(link: Link): Promise<void> {
    this.#link = undefined;
    this.#opening = undefined;
    await link.close();
  }
}

async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new TransportError('timeout', `NATS did not answer within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
