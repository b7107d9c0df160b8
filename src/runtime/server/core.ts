import type { Log } from '../../log/log.ts';
import type { Codecs } from '../codec/codec.ts';
import type { Router } from './router.ts';
import type { ServerStats } from './stats.ts';
import type { Subscribers } from './subscribers.ts';

/** What the connections of one server share. */
export class Core {
  readonly name: string;
  readonly codecs: Codecs;
  readonly router: Router;
  readonly subscribers: Subscribers;
  readonly stats: ServerStats;
  readonly log: Log;
  /** Nothing new is begun any more. */
  draining = false;
  #running = 0;
  #onIdle: (() => void) | undefined;

  constructor(options: Pick<Core, 'name' | 'codecs' | 'router' | 'subscribers' | 'stats' | 'log'>) {
    this.name = options.name;
    this.codecs = options.codecs;
    this.router = options.router;
    this.subscribers = options.subscribers;
    this.stats = options.stats;
    this.log = options.log;
  }

  begin(): void {
    this.#running += 1;
    this.stats.requests += 1;
  }

  end(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#onIdle?.();
  }

  /** Resolves as soon as no handler runs. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }
}
