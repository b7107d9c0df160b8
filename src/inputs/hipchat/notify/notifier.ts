import { sleep } from '../../../async/sleep.ts';
import type { Log } from '../../../log/log.ts';
import { XmppError } from '../../xmpp/account.ts';
import type { HipchatRoom } from '../room.ts';
import type { Card } from './card.ts';
import { post } from './post.ts';

export type Color = 'green' | 'red' | 'yellow' | 'gray';

export interface Notice {
  readonly color: Color;
  readonly html: string;
  readonly card?: Card | undefined;
}

/** Room notifications over HipChat's REST API, version 2. */
export interface Notifier {
  /**
   * True when HipChat took it; false when it surely did not, and it can be said in another way. Rejects with an `XmppError`
   * (`unavailable`) when nobody knows: it is not to be said again.
   */
  notify(room: HipchatRoom, notice: Notice, signal: AbortSignal): Promise<boolean>;
}

export interface NotifierOptions {
  /** Ends in `/`. */
  readonly apiUrl: string;
  readonly token: string;
  readonly ca?: string | undefined;
  readonly log: Log;
  /** How long HipChat may take for one. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** How long one waits when there were too many. Default 5,000. */
  readonly patienceMs?: number | undefined;
  /** How long HipChat is left alone with what it refused for good. Default 300,000. */
  readonly restMs?: number | undefined;
}

type Verdict = 'taken' | 'refused' | { readonly againInMs: number };

export function createNotifier(options: NotifierOptions): Notifier {
  const { apiUrl, token, ca, log, timeoutMs = 10_000, patienceMs = 5_000, restMs = 300_000 } = options;
  /** Until when nothing is sent, to a room or (by an empty name) at all. */
  const closedUntil = new Map<string, number>();
  let isRefused = false;

  const close = (what: string, ms: number): void => {
    for (const [name, until] of closedUntil) if (until <= performance.now()) closedUntil.delete(name);
    closedUntil.set(what, performance.now() + ms);
  };
  const waitMs = (room: string): number =>
    Math.max(closedUntil.get('') ?? 0, closedUntil.get(room) ?? 0) - performance.now();

  const send = async (room: string, notice: Notice, signal: AbortSignal): Promise<Verdict> => {
    const { color, html, card } = notice;
    const url = `${apiUrl}room/${encodeURIComponent(room)}/notification`;
    const body = {
      color,
      message: html,
      message_format: 'html',
      notify: false,
      ...(card === undefined ? {} : { card }),
    };
    const posted = await post({ url, token, body, ca, timeoutMs, signal });
    if (posted.kind === 'untouched') {
      log.debug("HipChat's REST API is out of reach: answers go over XMPP", { reason: posted.reason });
      return 'refused';
    }
    if (posted.kind === 'unknown') throw lost(posted.reason);
    const { status, headers } = posted;
    if (status >= 200 && status < 300) {
      isRefused = false;
      return 'taken';
    }
    // What stands in front of a server can't say what became of it.
    if (status === 502 || status === 504) throw lost(`HTTP ${status}`);
    if (status === 429) return { againInMs: resetMs(headers) };
    if (status === 400 && card !== undefined) return send(room, { color, html }, signal);
    if (status === 401 || status === 403) {
      close('', restMs);
      if (!isRefused) log.warn('HipChat refuses the token for notifications: answers go over XMPP', { status });
      isRefused = true;
    } else if (status === 404) {
      close(room, restMs);
      log.debug('HipChat knows no such room for notifications: answers go over XMPP', { room });
    } else log.warn('HipChat did not take a notification: the answer goes over XMPP', { room, status });
    return 'refused';
  };

  return {
    async notify({ id, name }, notice, signal) {
      const room = id ?? name;
      if (room === '') return false;
      const giveUpAt = performance.now() + patienceMs;
      for (;;) {
        const restingMs = waitMs(room);
        if (restingMs > 0) {
          if (performance.now() + restingMs > giveUpAt) return false;
          await sleep(restingMs, signal);
        }
        if (signal.aborted) return false;
        const verdict = await send(room, notice, signal);
        if (verdict === 'taken') return true;
        if (verdict === 'refused') return false;
        close(room, verdict.againInMs);
      }
    },
  };
}

const lost = (reason: string): XmppError =>
  new XmppError('unavailable', '', `HipChat did not confirm that it has the notification: ${reason}`);

/** HipChat counts by the minute and by five minutes, and tells when it begins anew, in seconds since the epoch. */
function resetMs(headers: Readonly<Record<string, string>>): number {
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after) && after >= 0) return Math.max(after * 1000, leastRestMs);
  const resets = ['x-floodcontrol-reset', 'x-ratelimit-reset'].map((name) => Number(headers[name]) * 1000 - Date.now());
  const known = resets.filter((ms) => Number.isFinite(ms) && ms < longestRestMs);
  return known.length === 0 ? defaultRestMs : Math.max(...known, leastRestMs);
}

const leastRestMs = 50;
const defaultRestMs = 60_000;
const longestRestMs = 600_000;
