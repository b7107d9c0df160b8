import { SlackError, type SlackFault } from './api.ts';

/** How a request to Slack failed, and so what may be done about it. */
export type Failure =
  /** Asked too often: nothing was done. Slack wants to be left alone for that long. */
  | { readonly kind: 'limited'; readonly waitMs: number }
  /** Slack did not get it, or sent it back before it did anything: it may be tried again, whatever it was. */
  | { readonly kind: 'untouched'; readonly error: SlackError }
  /** Slack may have done it or not: only what does no harm when it is done twice may be tried again. */
  | { readonly kind: 'unknown'; readonly error: SlackError }
  /** Slack said no. */
  | { readonly kind: 'refused'; readonly error: SlackError };

/** Reads what `apiCall` of Slack's client threw. The error that it makes has none of the client's texts, which may quote a request. */
export function failureOf(method: string, thrown: unknown): Failure {
  const error = record(thrown);
  switch (error['code']) {
    case 'slack_webapi_rate_limited_error':
      return { kind: 'limited', waitMs: waitMsOf(error['retryAfter']) };
    case 'slack_webapi_platform_error':
      return answered(method, record(error['data']));
    case 'slack_webapi_http_error':
      return http(method, error);
    default:
      return broken(method, error);
  }
}

/** A request that got no answer in time. */
export const late = (method: string, timeoutMs: number): Failure => ({
  kind: 'unknown',
  error: new SlackError('unavailable', '', `Slack gave no answer to ${method} within ${timeoutMs} ms`),
});

/** An answer that says no. */
function answered(method: string, data: Readonly<Record<string, unknown>>): Failure {
  const reason = data['error'];
  // What is no JSON becomes an error whose name is the whole page.
  if (typeof reason !== 'string' || !/^[\w.:-]{1,100}$/.test(reason)) {
    return { kind: 'unknown', error: new SlackError('unavailable', '', `Slack's answer to ${method} makes no sense`) };
  }
  const metadata = record(data['response_metadata']);
  if (limits.has(reason)) return { kind: 'limited', waitMs: waitMsOf(metadata['retryAfter']) };
  const failed = `Slack failed at ${method}: ${reason}`;
  if (untouched.has(reason)) return { kind: 'untouched', error: new SlackError('unavailable', reason, failed) };
  if (unknown.has(reason)) return { kind: 'unknown', error: new SlackError('unavailable', reason, failed) };
  const needed = typeof data['needed'] === 'string' ? ` (the app needs the scope ${shown(data['needed'])})` : '';
  const details = [...texts(metadata['messages']), ...texts(data['errors'])].slice(0, 5);
  const more = details.length === 0 ? '' : `: ${details.join('; ')}`;
  return {
    kind: 'refused',
    error: new SlackError('refused', reason, `Slack refuses ${method}: ${reason}${needed}${more}`, {
      faults: faultsOf(data['errors']),
    }),
  };
}

const limits: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited']);
const untouched: ReadonlySet<string> = new Set(['service_unavailable', 'request_timeout', 'team_added_to_org']);
/** Slack says of these that a part of it may have been done. */
const unknown: ReadonlySet<string> = new Set(['internal_error', 'fatal_error']);

/** A status other than 200 comes from what stands before Slack, or from a Slack that broke in the middle. */
function http(method: string, thrown: Readonly<Record<string, unknown>>): Failure {
  const status = Number(thrown['statusCode']);
  const error = new SlackError('unavailable', `http_${status}`, `Slack answers ${method} with HTTP status ${status}`);
  if (status >= 400 && status < 500 && status !== 408) {
    const word = wordOf(thrown['body']);
    if (word !== undefined) return answered(method, { error: word });
    return { kind: 'refused', error: new SlackError('refused', error.reason, error.message) };
  }
  // A proxy also says 503 when it lost the server in the middle, and then has a text for it. Who is busy says when to come again, or nothing.
  const busy = status === 503 && (record(thrown['headers'])['retry-after'] !== undefined || emptyBody(thrown['body']));
  return { kind: busy ? 'untouched' : 'unknown', error };
}

/** The reason that a page for a refusal may hold. */
function wordOf(body: unknown): string | undefined {
  const word = typeof body === 'string' ? body.trim() : record(body)['error'];
  return typeof word === 'string' && /^[a-z_]{1,60}$/.test(word) ? word : undefined;
}

const emptyBody = (body: unknown): boolean => body === undefined || (typeof body === 'string' && body.trim() === '');

/** No answer at all: the reason is somewhere in the causes. */
function broken(method: string, thrown: Readonly<Record<string, unknown>>): Failure {
  let code = '';
  let at: unknown = thrown['original'] ?? thrown;
  for (let depth = 0; depth < 5 && at instanceof Error; depth += 1) {
    const own: unknown = record(at)['code'];
    if (typeof own === 'string' && /^\w{1,60}$/.test(own)) code = own;
    else if (at.name === 'TimeoutError') code = 'ETIMEDOUT';
    at = at.cause;
  }
  const why = code === '' ? '' : ` (${code})`;
  const error = new SlackError('unavailable', '', `Slack can't be reached for ${method}${why}`);
  return { kind: notSent.test(code) ? 'untouched' : 'unknown', error };
}

/** Without a connection nothing was sent. */
const notSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|ENETUNREACH|EHOSTUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|UNABLE_TO_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+)$/;

/** Slack gives seconds. Without them a second is what its slowest limits have for each message. */
function waitMsOf(seconds: unknown): number {
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : 1000;
}

/** Slack's own details: a list of texts, or of objects with a `message` and where it applies. */
function texts(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => {
    if (typeof entry === 'string') return shown(entry);
    const { message, pointer } = record(entry);
    return shown(`${typeof message === 'string' ? message : ''}${typeof pointer === 'string' ? ` (${pointer})` : ''}`);
  });
}

/** The same for who has to do something about it. */
function faultsOf(list: unknown): readonly SlackFault[] {
  if (!Array.isArray(list)) return [];
  return list.map(record).map(({ message, pointer }) => ({
    message: typeof message === 'string' ? shown(message) : '',
    pointer: typeof pointer === 'string' ? shown(pointer) : '',
  }));
}

const shown = (text: string): string =>
  text
    .replaceAll(/xox[a-z]?[.-][\w.-]+|xapp-[\w-]+/gi, '…')
    .replaceAll(/\p{C}+/gu, ' ')
    .slice(0, 200)
    .trim();

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
