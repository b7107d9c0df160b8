import { type Log, silent } from '../../../log/log.ts';
import { type Api, SlackError } from '../api.ts';
import { textOf } from '../fields.ts';
import { openTokenFile } from './token-file.ts';

/** The token with which an app may be changed. It is good for half a day; then its refresh token, good for once, gives the next ones. */
export interface ConfigTokens {
  /** A token that is good, as far as we know. Rejects with a `SlackError`, or an `Error` for an operator. */
  get(signal: AbortSignal): Promise<string>;
  /** Slack does not take this one any more. */
  spoil(token: string): void;
}

export interface ConfigTokensOptions {
  /** Needs no token of its own. */
  readonly api: Api;
  /** What the operator made; nobody knows how old it is. */
  readonly token?: string | undefined;
  /** Holds the refresh token, and is rewritten. */
  readonly refreshTokenFile?: string | undefined;
  readonly log?: Log;
  readonly now?: () => number;
}

interface Held {
  readonly token: string;
  readonly renewAt: number;
}

/** A token is renewed that long before its end. */
const marginMs = 3_600_000;
/** A bot that stops waits that long for an answer: the old refresh token may be spent, and the new one stands nowhere else. */
const farewellMs = 3000;

export function configTokens(options: ConfigTokensOptions): ConfigTokens {
  const { api, token, refreshTokenFile, log = silent, now = Date.now } = options;
  const spoiled = new Set<string>();
  let held: Held | undefined;

  const rotate = async (path: string, signal: AbortSignal): Promise<string> => {
    await using file = await openTokenFile(path);
    using patience = lingering(signal, farewellMs);
    const answer = await api.call('tooling.tokens.rotate', { refresh_token: file.token }, patience.signal);
    const [next, refresh] = [textOf(answer['token']), textOf(answer['refresh_token'])];
    if (next === undefined || refresh === undefined || typeof answer['exp'] !== 'number') {
      throw new SlackError('unavailable', '', "Slack's answer to tooling.tokens.rotate makes no sense");
    }
    held = { token: next, renewAt: answer['exp'] * 1000 - marginMs };
    await file.replace(refresh).catch((error: unknown) => {
      log.error('the new refresh token is lost: make a new app configuration token within half a day', { error });
    });
    return next;
  };

  return {
    async get(signal) {
      if (held !== undefined && now() < held.renewAt) return held.token;
      const given = token === undefined || spoiled.has(token) ? undefined : token;
      if (refreshTokenFile === undefined) {
        if (given !== undefined) return given;
        throw new SlackError(
          'refused',
          'token_expired',
          'Slack takes the app configuration token no longer: make a new one, and give its refresh token in a file',
        );
      }
      try {
        return await rotate(refreshTokenFile, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (given === undefined) throw error;
        log.warn('the app configuration token cannot be renewed, it will expire', { error });
        held = { token: given, renewAt: now() + marginMs };
        return given;
      }
    },
    spoil(bad) {
      spoiled.add(bad);
      if (held?.token === bad) held = undefined;
    },
  };
}

/** A signal that follows another one a while later. */
function lingering(signal: AbortSignal, ms: number): Disposable & { readonly signal: AbortSignal } {
  const later = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    timer = setTimeout(() => later.abort(signal.reason), ms);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) later.abort(signal.reason);
  return {
    signal: later.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
