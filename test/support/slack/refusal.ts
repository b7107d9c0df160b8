import type { Fields } from './fields.ts';

/** Slack says no: `{ok: false, error}`, and what else stands in that answer. */
export class Refusal extends Error {
  readonly error: string;
  readonly more: Fields;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(error: string, more: Fields = {}, status = 200, headers: Readonly<Record<string, string>> = {}) {
    super(error);
    this.name = 'Refusal';
    this.error = error;
    this.more = more;
    this.status = status;
    this.headers = headers;
  }
}

/** A refusal that says why, as `response_metadata.messages`. */
export const refusalWith = (error: string, messages: readonly string[]): Refusal =>
  new Refusal(error, { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });

/** Asked too often: HTTP 429. */
export const tooOften = (retryAfterSeconds: number): Refusal =>
  new Refusal('ratelimited', {}, 429, { 'retry-after': String(retryAfterSeconds) });
