import { deadline } from '../../../async/deadline.ts';
import { type ConnectOptions, connect } from './connect.ts';
import type { Endpoint } from './endpoints.ts';
import { Failure, failureOf } from './failure.ts';
import { createLink, type Link } from './link.ts';
import { type LoggedIn, type LoginOptions, login } from './login.ts';
import type { Trace } from './trace.ts';

export interface Opened {
  readonly link: Link;
  readonly loggedIn: LoggedIn;
}

export type OpenOptions = ConnectOptions &
  Omit<LoginOptions, 'timeoutMs'> & { readonly loginMs: number; readonly trace: Trace };

/** Logs in at the first of these that works. Rejects with a `Failure`, the one that says most, or the signal's reason. */
export async function openFirst(endpoints: readonly Endpoint[], options: OpenOptions): Promise<Opened> {
  let worst: Failure | undefined;
  for (const endpoint of endpoints) {
    try {
      return await open(endpoint, options);
    } catch (error) {
      options.signal.throwIfAborted();
      const failure = failureOf(error);
      // Whoever knows us and says no has said it for all the others.
      if (failure.code !== 'unavailable' && failure.code !== 'config') throw failure;
      if (worst === undefined || worst.code === 'unavailable') worst = failure;
    }
  }
  throw worst ?? new Failure('unavailable', 'there is nowhere to connect to');
}

async function open(endpoint: Endpoint, options: OpenOptions): Promise<Opened> {
  const link = createLink(await connect(endpoint, options), options.trace);
  using limit = deadline(options.signal, options.loginMs);
  const giveUp = (): void => link.drop(new Failure('unavailable', 'the login took too long'));
  limit.signal.addEventListener('abort', giveUp, { once: true });
  if (limit.signal.aborted) giveUp();
  try {
    return { link, loggedIn: await login(link, { ...options, timeoutMs: options.loginMs }) };
  } catch (error) {
    const failure = failureOf(error);
    // A redirection is only believed where nobody can have forged it.
    const isForged = failure.code === 'redirected' && !link.isSecure && endpoint.mode !== 'plain';
    link.refuse('undefined-condition', failure);
    throw isForged ? new Failure('unavailable', failure.message) : failure;
  } finally {
    limit.signal.removeEventListener('abort', giveUp);
  }
}
