import type { Log } from '../../../log/log.ts';
import { type WebClient, webApi } from '../web-api.ts';

export interface HooksOptions {
  /** Another Slack than the usual one: its addresses are Slack's, too. */
  readonly apiUrl?: string | undefined;
  readonly log: Log;
}

/** The addresses that Slack hands out, to be answered without a token. They are secrets, and asked only where they are Slack's. */
export interface Hooks {
  /** Whether Slack itself is at this address. Whoever can make us believe in another one could have us ask anybody. */
  isSlack(url: string): boolean;
  /** Answers a slash command or a button in a channel. Rejects as `Api.call` does. */
  respond(url: string, channel: string, message: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<void>;
  /** Rejects as `Api.call` does. */
  upload(url: string, content: string, signal: AbortSignal): Promise<void>;
}

const hosts = /^(?:[a-z0-9-]+\.)*slack(?:-gov)?\.com$/;

export function createHooks({ apiUrl, log }: HooksOptions): Hooks {
  const own = apiUrl === undefined ? undefined : new URL(apiUrl).origin;
  // The patience with a Slack that is busy or away is the same as for its methods.
  const api = webApi(client, { log });
  return {
    isSlack(url) {
      if (!URL.canParse(url)) return false;
      const { origin, protocol, hostname, port, username, password } = new URL(url);
      if (username !== '' || password !== '') return false;
      return origin === own || (protocol === 'https:' && port === '' && hosts.test(hostname));
    },
    async respond(url, channel, message, signal) {
      const type = 'application/json; charset=utf-8';
      await api.call('response_url', { channel, url, type, body: JSON.stringify(message) }, signal);
    },
    async upload(url, content, signal) {
      await api.call('upload', { url, type: 'application/octet-stream', body: content }, signal);
    },
  };
}

/** Answers in the way of Slack's own client. */
const client: WebClient = {
  async apiCall(_method, args, signal) {
    const answer = await fetch(String(args['url']), {
      method: 'POST',
      headers: { 'content-type': String(args['type']) },
      body: String(args['body']),
      // Who may be asked was looked at before: nobody else is asked in their place.
      redirect: 'error',
      signal,
    });
    const retryAfter = answer.headers.get('retry-after');
    if (answer.status === 429) {
      throw thrown({ code: 'slack_webapi_rate_limited_error', retryAfter: Number.parseFloat(retryAfter ?? '1') });
    }
    const body = parsed(await answer.text());
    if (answer.status !== 200) {
      const headers = retryAfter === null ? {} : { 'retry-after': retryAfter };
      throw thrown({ code: 'slack_webapi_http_error', statusCode: answer.status, headers, body });
    }
    if (typeof body === 'object' && body !== null && 'ok' in body && body.ok === false) {
      throw thrown({ code: 'slack_webapi_platform_error', data: body });
    }
    return { ok: true };
  },
};

const thrown = (fields: Readonly<Record<string, unknown>>): Error =>
  Object.assign(new Error('Slack did not take it'), fields);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};
