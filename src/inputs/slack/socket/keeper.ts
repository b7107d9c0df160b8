import { orAborted } from '../../../async/aborted.ts';
import { deadline } from '../../../async/deadline.ts';
import { sleep } from '../../../async/sleep.ts';
import { InputError } from '../../input.ts';
import { failureOf, type LinkError } from './failure.ts';
import type { Health } from './health.ts';
import { type Link, type LinkOptions, openLink } from './link.ts';

export interface KeeperOptions extends Omit<LinkOptions, 'onUp' | 'onDown' | 'onStable'> {
  /** Tells the keepers apart. */
  readonly number: number;
  readonly openUrl: (signal: AbortSignal) => Promise<string>;
  readonly health: Health;
  /** Every socket that is not gone yet. */
  readonly links: Set<Link>;
}

/** How many sockets that were replaced one keeper still listens to. Slack counts them, too. */
const maxRetired = 2;

/**
 * Keeps one socket open until `signal` aborts, and opens the next one before the last is closed. Rejects only when no socket of this run
 * ever said hello and Slack refuses.
 */
export async function keepSocket(options: KeeperOptions): Promise<void> {
  const { number, signal, health, log } = options;
  /** Listens until there is a new one. */
  let leaving: Link | undefined;
  let retired: readonly Link[] = [];
  let failures = 0;
  const onStable = (): void => {
    failures = 0;
    health.recovered(number);
  };
  while (!signal.aborted) {
    let failure: LinkError;
    try {
      const link = await open(options, onStable);
      if (leaving !== undefined) retired = retire(leaving, retired);
      const end = await link.ended;
      leaving = undefined;
      if (end.kind === 'refresh') {
        leaving = link;
        void link.closed.then(() => {
          if (leaving === link) leaving = undefined;
        });
        continue;
      }
      failure = end.failure;
    } catch (error) {
      if (signal.aborted) return;
      failure = failureOf(error);
      health.failed(number, failure);
      if (!health.opened && failure.code === 'refused') throw new InputError('refused', failure.message);
    }
    if (signal.aborted) return;
    const delayMs = delayOf(failure, failures, options);
    failures += 1;
    log.debug('a socket to Slack was lost or did not open', { reason: failure.message, delayMs });
    await pause(delayMs, failure, leaving, options);
  }
}

/** A new socket that said hello. Rejects with a `LinkError` or the signal's reason. */
async function open(options: KeeperOptions, onStable: () => void): Promise<Link> {
  const { openUrl, timing, health, links, signal } = options;
  let url: string;
  {
    using limit = deadline(signal, timing.urlMs);
    url = await orAborted(openUrl(limit.signal), limit.signal);
  }
  signal.throwIfAborted();
  const link = openLink(url, {
    ...options,
    onUp: () => health.up(),
    onDown: (reason) => health.down(reason),
    onStable,
  });
  links.add(link);
  void link.closed.then(() => links.delete(link));
  await link.hello;
  return link;
}

/** Those that are listened to after `link` has its successor. */
function retire(link: Link, before: readonly Link[]): readonly Link[] {
  link.retire();
  const retired = [...before, link];
  for (const oldest of retired.slice(0, -maxRetired)) oldest.close();
  return retired.slice(-maxRetired);
}

/** Full jitter, and none at all after the first failure: what worked until now is replaced at once. */
function delayOf(failure: LinkError, failures: number, { timing, health }: KeeperOptions): number {
  const { minDelayMs, maxDelayMs, slowDelayMs } = timing;
  // With another socket open there is no need to press Slack for one more.
  if (failure.code === 'crowded' && health.live > 0) return jitter(maxDelayMs * 2 ** failures, slowDelayMs);
  if (failures === 0 && failure.code === 'unavailable') return 0;
  return jitter(minDelayMs * 2 ** failures, failure.code === 'refused' ? slowDelayMs : maxDelayMs);
}

const jitter = (stepMs: number, mostMs: number): number => Math.random() * Math.min(stepMs, mostMs);

/** Waits, but not after another keeper found Slack back, nor when the socket is gone that was to be replaced. */
async function pause(ms: number, failure: LinkError, leaving: Link | undefined, options: KeeperOptions): Promise<void> {
  const { health, signal } = options;
  const nap = new AbortController();
  const wake = (): void => nap.abort();
  signal.addEventListener('abort', wake, { once: true });
  if (failure.code !== 'crowded') health.onOpen.add(wake);
  void leaving?.closed.then(wake);
  await sleep(ms, nap.signal);
  health.onOpen.delete(wake);
  signal.removeEventListener('abort', wake);
}
