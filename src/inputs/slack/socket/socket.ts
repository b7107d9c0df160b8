import { sleep } from '../../../async/sleep.ts';
import type { Log } from '../../../log/log.ts';
import { InputError } from '../../input.ts';
import type { Source } from '../source.ts';
import { createHealth, type Health } from './health.ts';
import { keepSocket } from './keeper.ts';
import type { Link } from './link.ts';
import { defaultTiming, type Timing } from './timing.ts';

export interface SocketSourceOptions {
  /** Begins with `xapp-`. Only looked at here: `openUrl` is what uses it. */
  readonly appToken: string;
  /** Asks Slack for the address of one new socket (`apps.connections.open`). Rejects with a `SlackError`. */
  readonly openUrl: (signal: AbortSignal) => Promise<string>;
  /** How many sockets are kept open, 1 to 5. Default 2. Slack allows ten for an app, and a refresh takes one more for each. */
  readonly sockets?: number;
  readonly log: Log;
  readonly timing?: Partial<Timing>;
}

/**
 * Socket Mode. Several sockets are kept open, and each is replaced before it is closed, so that there is always one for Slack to send to.
 * After whatever failure it tries again, for ever; only a refusal before the first hello ends it.
 */
export function socketSource(options: SocketSourceOptions): Source {
  const { appToken, openUrl, sockets = 2, log } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const idle = { since: Date.now(), reason: 'not started' };
  let health: Health | undefined;
  return {
    name: 'socket',
    async run(accept, open, signal) {
      if (!appToken.startsWith('xapp-')) {
        throw new InputError('config', 'an app token of Slack begins with xapp-, and this one does not');
      }
      if (!Number.isInteger(sockets) || sockets < 1 || sockets > 5) {
        throw new InputError('config', `1 to 5 sockets can be kept open to Slack, not ${sockets}`);
      }
      const links = new Set<Link>();
      const current = createHealth(log, signal);
      health = current;
      const keep = (number: number): Promise<void> =>
        keepSocket({ number, openUrl, accept, timing, log, signal, health: current, links });
      // One first: while Slack is down or refuses, more of them tell nothing new.
      let others: Promise<unknown> = Promise.resolve();
      const start = (): void => {
        current.onOpen.delete(start);
        others = Promise.all(
          Array.from({ length: sockets - 1 }, async (_, index) => {
            await sleep((index + 1) * timing.staggerMs, signal);
            await keep(index + 1);
          }),
        );
        open();
      };
      current.onOpen.add(start);
      try {
        await keep(0);
        await others;
      } finally {
        for (const link of links) link.close();
        await Promise.all(Array.from(links, (link) => link.closed));
      }
    },
    get outage() {
      return health === undefined ? idle : health.outage;
    },
  };
}
