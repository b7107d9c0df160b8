import { type Logger, LogLevel, webApi as slack } from '@slack/bolt';
import type { Log, LogFields } from '../../log/log.ts';
import { type Api, SlackError } from './api.ts';
import { httpSource } from './http/http.ts';
import { socketSource } from './socket/socket.ts';
import type { Source } from './source.ts';
import { clientOptions, webApi } from './web-api.ts';

/** How Slack's own clients of the Web API are made. */
export type WebOptions = typeof clientOptions & { readonly slackApiUrl?: string; readonly logger: Logger };

export const webOptions = (apiUrl: string | undefined, log: Log): WebOptions => ({
  ...clientOptions,
  ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  logger: quiet(log),
});

/** Without a token for methods that take theirs with each call. */
export const openApi = (token: string | undefined, options: WebOptions, log: Log, patienceMs?: number): Api =>
  told(
    webApi(new slack.WebClient(token, { ...options }), { log, ...(patienceMs === undefined ? {} : { patienceMs }) }),
    log,
  );

/** Logs which methods are called, and how that ends. */
const told = (api: Api, log: Log): Api => ({
  async call(method, args, signal) {
    const startedAt = performance.now();
    const tell = (end: LogFields): void =>
      log.debug('asked Slack', { method, ms: Math.round(performance.now() - startedAt), ...end });
    try {
      const answer = await api.call(method, args, signal);
      tell({ ok: true });
      return answer;
    } catch (error) {
      tell({ ok: false, reason: error instanceof SlackError ? error.reason || error.code : 'aborted' });
      throw error;
    }
  },
});

export interface SourcesOptions {
  readonly appTokens: readonly string[];
  readonly sockets: number | undefined;
  readonly signingSecrets: readonly string[];
  readonly address: string;
  /** Of an app. It should not try again by itself: the sockets do. */
  readonly api: (token: string) => Api;
  readonly log: Log;
}

/** Sockets for each app token, and HTTP for all that is signed. Throws an `InputError` (`config`). */
export function openSources({
  appTokens,
  sockets,
  signingSecrets,
  address,
  api,
  log,
}: SourcesOptions): readonly Source[] {
  const bySocket = appTokens.map((appToken) => {
    const openUrl = opening(api(appToken));
    return socketSource({ appToken, openUrl, log, ...(sockets === undefined ? {} : { sockets }) });
  });
  return signingSecrets.length === 0 ? bySocket : [...bySocket, httpSource({ signingSecrets, address, log })];
}

const opening =
  (api: Api) =>
  async (signal: AbortSignal): Promise<string> => {
    const { url } = await api.call('apps.connections.open', {}, signal);
    return typeof url === 'string' ? url : '';
  };

/** The words of Slack's libraries, for whoever looks for trouble: they repeat what we log ourselves. */
function quiet(log: Log): Logger {
  const say = (...words: readonly unknown[]): void =>
    log.debug('slack library', { words: words.map(String).join(' ') });
  return {
    debug() {},
    info: say,
    warn: say,
    error: say,
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  };
}
