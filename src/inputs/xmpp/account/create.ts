import { randomBytes } from 'node:crypto';
import { sleep } from '../../../async/sleep.ts';
import { supervise } from '../../../async/supervise.ts';
import { InputError } from '../../input.ts';
import type { Account, Guest } from '../account.ts';
import { type Endpoint, findEndpoints, readEndpoint } from './endpoints.ts';
import { Failure, failureOf } from './failure.ts';
import { createHealth } from './health.ts';
import { stay } from './stay.ts';
import { type Opened, openFirst } from './open.ts';
import { readJid } from './jid.ts';
import type { AccountOptions } from './options.ts';
import { isCertificate } from './pem.ts';
import { createAnswering } from './requests.ts';
import { createSession, type LiveSession } from './session.ts';
import { defaultTiming } from './timing.ts';
import { createTrace } from './trace.ts';

/** An account on an XMPP server. Throws an `InputError` (`config`) for options that can't be. */
export function createAccount(options: AccountOptions): Account {
  const { jid, server, mode, log } = options;
  const address = readJid(jid);
  if (address === undefined) throw new InputError('config', `an XMPP account is user@domain, not ${jid}`);
  const { username, domain } = address;
  const given = server === undefined ? undefined : readEndpoint(server, mode ?? 'starttls');
  if (server !== undefined && given === undefined)
    throw new InputError('config', `an XMPP server is host or host:port, not ${server}`);
  if (options.ca !== undefined && !isCertificate(options.ca)) {
    throw new InputError('config', 'the certificates to trust (ca) are none in PEM');
  }
  const timing = { ...defaultTiming, ...options.timing };
  const health = createHealth(jid, log);
  const trace = createTrace(log, options.trace === true);
  const answering = createAnswering(options);
  const memory = { knowsScram: false };
  const resource = options.resource ?? `micro-${randomBytes(4).toString('hex')}`;
  let session: LiveSession | undefined;
  let wasUp = false;
  let redirection: Endpoint | undefined;

  const endpoints = async (): Promise<readonly Endpoint[]> => {
    const once = redirection;
    redirection = undefined;
    if (once !== undefined) return [once];
    return given === undefined ? await findEndpoints(domain, options) : [given];
  };

  const open = async (signal: AbortSignal): Promise<Opened> =>
    openFirst(await endpoints(), {
      domain,
      username,
      password: options.password,
      resource,
      ca: options.ca,
      allowsPlain: mode === 'plain',
      authorize: options.authorize,
      memory,
      previous: session?.previous,
      timeoutMs: timing.connectMs,
      loginMs: timing.loginMs,
      signal,
      trace,
    });

  /** One stream, from the login to its end. Rejects with why it ended. */
  const live = async (guest: Guest, signal: AbortSignal, healthy: () => void): Promise<void> => {
    const { link, loggedIn } = await open(signal);
    const isResumed = loggedIn.kind === 'resumed' && session?.resume(link, loggedIn.handled) === true;
    if (loggedIn.kind === 'resumed' && !isResumed) {
      session?.end('the server lost count of what was sent');
      session = undefined;
      const failure = new Failure('unavailable', 'the server lost count of what was sent');
      link.refuse('undefined-condition', failure);
      throw failure;
    }
    if (loggedIn.kind === 'new') {
      session?.end('the stream was lost, and the server forgot it', loggedIn.handled);
      session = createSession(loggedIn, link, timing.askMs, trace);
    }
    if (session === undefined) return;
    wasUp = true;
    health.up();
    const early = loggedIn.kind === 'new' ? loggedIn.early : [];
    const failure = await stay({ link, session, early, isResumed, guest, answering, timing, log, signal, healthy });
    if (signal.aborted) return;
    if (session.previous === undefined) session = undefined;
    if (failure.code === 'redirected') redirection = readEndpoint(failure.to, mode ?? 'starttls');
    throw failure;
  };

  const run = async (guest: Guest, signal: AbortSignal): Promise<void> => {
    const stop = new AbortController();
    const onAbort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    let fatal: InputError | undefined;
    const task = async (own: AbortSignal, healthy: () => void): Promise<void> => {
      try {
        await live(guest, own, healthy);
      } catch (error) {
        if (own.aborted) return;
        const failure = failureOf(error);
        if (failure.code === 'redirected') redirection ??= readEndpoint(failure.to, mode ?? 'starttls');
        if (!wasUp && (failure.code === 'refused' || failure.code === 'config')) {
          fatal = new InputError(failure.code, `${jid}: ${failure.message}`);
          stop.abort(fatal);
          return;
        }
        health.down(failure);
        if (failure.code === 'conflict') {
          await sleep(timing.slowDelayMs * (0.5 + Math.random() / 2), own);
        }
        throw failure;
      }
    };
    try {
      await supervise(task, { signal: stop.signal, minDelayMs: timing.minDelayMs, maxDelayMs: timing.maxDelayMs });
    } finally {
      signal.removeEventListener('abort', onAbort);
      session?.end('the account was logged out');
    }
    if (fatal !== undefined) throw fatal;
  };

  return {
    jid,
    run,
    get outage() {
      return health.outage;
    },
  };
}
