import { deadline } from '../../../async/deadline.ts';
import type { Failure } from './failure.ts';
import { runStream, type StreamOptions } from './stream.ts';

export interface StayOptions extends StreamOptions {
  readonly isResumed: boolean;
  readonly signal: AbortSignal;
  /** Called when the stream has lasted long enough to be a success. */
  readonly healthy: () => void;
}

/**
 * Tells the guest that it is logged in, and stays so until the stream is lost or `signal` aborts; then it says goodbye. A session that
 * can't go on is over at the end of this, one that can will be when the server no longer waits for it. Resolves with why it ended.
 */
export async function stay(options: StayOptions): Promise<Failure> {
  const { link, session, guest, timing, signal, log } = options;
  const told = (tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      log.error('the state of the XMPP stream could not be taken', { error });
    }
  };
  let leaving: Promise<void> | undefined;
  const leave = (): void => {
    leaving ??= sayGoodbye(options);
  };
  const stable = setTimeout(options.healthy, timing.stableMs);
  told(() => guest.online(session, options.isResumed));
  const running = runStream(options);
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  const failure = await running;
  signal.removeEventListener('abort', leave);
  clearTimeout(stable);
  await leaving;
  session.cut();
  if (link.isOver || session.previous === undefined) session.end(failure.message);
  if (!signal.aborted) told(() => guest.offline());
  return failure;
}

async function sayGoodbye({ link, session, timing }: StayOptions): Promise<void> {
  {
    using limit = deadline(undefined, timing.closeMs);
    await session.settle(limit.signal);
  }
  session.tellCount();
  await link.close(timing.closeMs);
}
