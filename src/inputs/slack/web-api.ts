import { orAborted } from '../../async/aborted.ts';
import { deadline } from '../../async/deadline.ts';
import { sleep } from '../../async/sleep.ts';
import type { Log } from '../../log/log.ts';
import { type Answer, type Api, SlackError } from './api.ts';
import { type Failure, failureOf, late } from './web-failure.ts';

/** The part of the `WebClient` of @slack/web-api that is used, made with `clientOptions`. It takes no signal; others may. */
export interface WebClient {
  apiCall(method: string, args: Record<string, unknown>, signal: AbortSignal): Promise<unknown>;
}

export interface WebApiOptions {
  readonly log: Log;
  /** How long one request may take. Default 30,000. */
  readonly timeoutMs?: number;
  /** How long one call may go on waiting and trying again. Default 180,000, for what a person waits to read 1,800,000. */
  readonly patienceMs?: number;
}

const defaultTimeoutMs = 30_000;

/** To be given to Slack's client: how often to try is decided here, where it is known what may be done twice. */
export const clientOptions: {
  readonly retryConfig: { readonly retries: 0 };
  readonly rejectRateLimitedCalls: true;
  readonly timeout: number;
} = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: defaultTimeoutMs };

/**
 * Slack's Web API by Slack's own client. A call that Slack turned away or never got is tried again while the patience lasts. Of one whose
 * fate is unknown (no answer, a broken connection, a server's fault) only what does no harm twice is tried again: a message, once it may
 * have arrived, is not posted a second time, and the call rejects.
 */
export function webApi(client: WebClient, options: WebApiOptions): Api {
  const { log, timeoutMs = defaultTimeoutMs } = options;
  /** Until when Slack wants to be left alone, by what its limit counts; a time of the past is as good as none. */
  const closedUntil = new Map<string, number>();

  const request = async (method: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined) => {
    using limit = deadline(signal, timeoutMs);
    try {
      return {
        kind: 'done',
        answer: (await orAborted(client.apiCall(method, { ...args }, limit.signal), limit.signal)) as Answer,
      } as const;
    } catch (thrown) {
      signal?.throwIfAborted();
      return limit.signal.aborted ? late(method, timeoutMs) : failureOf(method, thrown);
    }
  };

  return {
    async call(method, args, signal) {
      const gate = limited(method, args);
      const giveUpAt = performance.now() + (options.patienceMs ?? patienceMs(method));
      for (let tries = 0; ; tries += 1) {
        await opened(method, closedUntil, gate, giveUpAt, signal);
        const result = await request(method, args, signal);
        if (result.kind === 'done') return result.answer;
        if (result.kind === 'limited') {
          log.debug('Slack wants to be asked less often', { method, waitMs: result.waitMs });
          // Between the gate and Slack's clock a moment is lost on the way, never gained.
          closedUntil.set(gate, performance.now() + Math.max(result.waitMs, 50));
          continue;
        }
        if (!mayRepeat(method, result)) throw result.error;
        const waitMs = Math.random() * Math.min(500 * 2 ** tries, 15_000);
        if (performance.now() + waitMs > giveUpAt) throw result.error;
        log.debug('trying Slack again', { method, error: result.error.message, waitMs });
        await sleep(waitMs, signal);
        signal?.throwIfAborted();
      }
    },
  };
}

/** An answer still says something after an outage of Slack; whether the bot can begin has to be known sooner. */
const patienceMs = (method: string): number => (/^(?:chat|files)\./.test(method) ? 1_800_000 : 180_000);

/** Waits until Slack may be asked again. A wait that the patience does not cover is told at once. */
async function opened(
  method: string,
  closedUntil: Map<string, number>,
  gate: string,
  giveUpAt: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  for (let until = closedUntil.get(gate); until !== undefined; until = closedUntil.get(gate)) {
    const waitMs = until - performance.now();
    if (waitMs <= 0) {
      closedUntil.delete(gate);
      return;
    }
    if (until > giveUpAt) {
      const seconds = Math.ceil(waitMs / 1000);
      throw new SlackError(
        'unavailable',
        'ratelimited',
        `Slack takes no ${method} for another ${seconds} s: it was asked too often`,
      );
    }
    await sleep(waitMs, signal);
    signal?.throwIfAborted();
  }
}

/** Slack counts messages by channel, everything else by method. */
function limited(method: string, args: Readonly<Record<string, unknown>>): string {
  return method === 'chat.postMessage' || method === 'response_url' ? `${method} ${String(args['channel'])}` : method;
}

function mayRepeat(method: string, failure: Exclude<Failure, { kind: 'limited' }>): boolean {
  switch (failure.kind) {
    case 'refused':
      return false;
    case 'untouched':
      return true;
    case 'unknown':
      return harmless.test(method);
    default:
      return failure satisfies never;
  }
}

/** What reads, or leaves the same behind however often it is done. A method that is not known here is done once. */
const harmless =
  /^(?:[\w.]+\.(?:info|list|test|export|validate)|chat\.update|reactions\.(?:add|remove)|users\.conversations|views\.publish|conversations\.open|apps\.connections\.open|apps\.manifest\.update|files\.getUploadURLExternal)$/;
