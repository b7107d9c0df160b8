import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { deadline } from '../../async/deadline.ts';
import { sleep } from '../../async/sleep.ts';
import type { Log } from '../../log/log.ts';
import { connectNats } from '../../nats/connection.ts';
import type { NatsServers } from '../../nats/servers.ts';
import { RegistryError } from '../registry.ts';
import { Session } from './session.ts';

export interface LineOptions {
  readonly servers: NatsServers;
  readonly timeoutMs: number;
  readonly log: Log;
  /** Says what a new session is to listen to, before anybody uses it. */
  readonly prepare: (session: Session) => void;
  /** It is ready. `isBack`: one before it was lost. */
  readonly onUp: (session: Session, isBack: boolean) => void;
  readonly onDown: (error: RegistryError) => void;
  /** Whether a session that was lost is to be replaced before somebody asks for one. */
  readonly isNeeded: () => boolean;
}

/** The way to NATS, on one session after the other. */
export interface Line {
  /** The session that is up. */
  readonly current: Session | undefined;
  /** There is none, and nobody answers, which the log has told. */
  readonly isOut: boolean;
  /** That, or a new one, for which all that ask share one attempt. Rejects with `unavailable`, or `closed`. */
  session(): Promise<Session>;
  /** What an error means to who asked the registry. */
  unavailable(cause: unknown): RegistryError;
  /** Ends attempts at once, and the session when all that was sent has arrived, or within the time limit. */
  close(): Promise<void>;
}

const minDelayMs = 50;
const maxDelayMs = 1000;

export function newLine(options: LineOptions): Line {
  const { servers, timeoutMs, log } = options;
  const closing = new AbortController();
  let current: Session | undefined;
  let attempt: Promise<Session> | undefined;
  let returning: Promise<void> | undefined;
  let isLost = false;
  let isOut = false;

  const unavailable = (cause: unknown): RegistryError => {
    if (cause instanceof RegistryError) return cause;
    if (closing.signal.aborted) return new RegistryError('closed', 'the NATS registry is closed');
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new RegistryError('unavailable', `the NATS registry at ${servers.shown} does not answer: ${reason}`, {
      cause,
    });
  };

  const connectionOptions = (): NodeConnectionOptions => ({
    ...servers.options,
    // Who comes back is a new session: between the two something may have been missed.
    reconnect: false,
    // One that hangs leaves time for the others.
    timeout: Math.ceil(timeoutMs / Math.max(1, [servers.options.servers ?? []].flat().length)),
    pingInterval: timeoutMs,
  });

  const open = async (): Promise<Session> => {
    closing.signal.throwIfAborted();
    using limit = deadline(closing.signal, timeoutMs);
    const session = new Session(await connectNats(connectionOptions(), limit.signal), timeoutMs, log);
    const end = (): void => session.drop(new Error('it was closed'));
    closing.signal.addEventListener('abort', end, { once: true });
    options.prepare(session);
    await session.flush().finally(() => closing.signal.removeEventListener('abort', end));
    current = session;
    session.onEnd(lost);
    if (!session.isUp) throw new Error('it hung up');
    if (isOut) log.info('connected to NATS again', { server: session.server });
    isOut = false;
    options.onUp(session, isLost);
    isLost = false;
    return session;
  };

  const tell = (message: string, error: unknown): void => {
    if (!isOut) log.warn(message, { servers: servers.shown, error });
    isOut = true;
  };

  const lost = (error: Error): void => {
    current = undefined;
    if (closing.signal.aborted) return;
    tell('the connection to NATS was lost', error);
    isLost = true;
    options.onDown(unavailable(error));
    returning ??= comeBack();
  };

  const session = (): Promise<Session> => {
    if (current !== undefined) return Promise.resolve(current);
    attempt ??= open()
      .catch((error: unknown) => {
        if (!closing.signal.aborted) tell('NATS does not answer', error);
        throw unavailable(error);
      })
      .finally(() => {
        attempt = undefined;
      });
    return attempt;
  };

  const isMissed = (): boolean => current === undefined && options.isNeeded() && !closing.signal.aborted;

  const comeBack = async (): Promise<void> => {
    let stepMs = minDelayMs;
    while (isMissed()) {
      try {
        await session();
      } catch {
        // The loss was logged; who asks is told.
        await sleep(stepMs / 2 + (Math.random() * stepMs) / 2, closing.signal);
        stepMs = Math.min(stepMs * 2, maxDelayMs);
      }
    }
    returning = undefined;
  };

  return {
    get current() {
      return current;
    },
    get isOut() {
      return isOut;
    },
    session,
    unavailable,
    async close() {
      const ending = current;
      closing.abort();
      await Promise.allSettled([ending?.close(), attempt, returning]);
    },
  };
}
