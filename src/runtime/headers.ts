import { MicroError } from './errors.ts';
import type { Headers } from './transport/transport.ts';

// Peers before go-micro 0.24 wrote `X-Micro-…`; later ones write `Micro-…` and still read both. An empty value counts as absent.

export const endpointOf = (headers: Headers): string =>
  headers['Micro-Endpoint'] ||
  headers['X-Micro-Endpoint'] ||
  headers['Micro-Method'] ||
  headers['X-Micro-Method'] ||
  '';

export const serviceOf = (headers: Headers): string => headers['Micro-Service'] || headers['X-Micro-Service'] || '';

export const idOf = (headers: Headers): string | undefined => headers['Micro-Id'] || headers['X-Micro-Id'] || undefined;

export const topicOf = (headers: Headers): string => headers['Micro-Topic'] || headers['X-Micro-Topic'] || '';

export const streamOf = (headers: Headers): string => headers['Micro-Stream'] || headers['X-Micro-Stream'] || '';

/** Whether a request may leave it to its body whom it is for, as before go-micro 0.22; `Micro-Target` was how that was said later. */
export function isLegacy(headers: Headers): boolean {
  if (endpointOf(headers) !== '' && headers['Micro-Target'] === undefined && headers['X-Micro-Target'] === undefined) {
    return false;
  }
  if (headers['Micro-Protocol'] || headers['X-Micro-Protocol'] || topicOf(headers)) return false;
  return !!(headers['Micro-Target'] || headers['X-Micro-Target']) || (endpointOf(headers) || serviceOf(headers)) === '';
}

/** Only this spelling: Go clients do not look at `X-Micro-Error`, and leaked headers of an older request may carry one. */
export const errorOf = (headers: Headers): string => headers['Micro-Error'] || '';

/** What `Micro-Error` says when one side of a stream has sent everything. */
export const endOfStream = 'EOS';

let lastTimeout = '';
let lastTimeoutMs: number | undefined;

/** Milliseconds, or undefined when absent or no unsigned decimal number of nanoseconds. */
export function timeoutOf(headers: Headers): number | undefined {
  const text = headers['Timeout'];
  if (text === undefined) return undefined;
  // Most callers give the same time again and again.
  if (text === lastTimeout) return lastTimeoutMs;
  lastTimeoutMs = /^\d{1,19}$/.test(text) ? Number(text) / 1e6 : undefined;
  lastTimeout = text;
  return lastTimeoutMs;
}

/** Longer details are cut: an error travels in two headers, and peers refuse heads of more than 16 KiB (Node) or 1 MiB (Go). */
const maxDetailLength = 2048;

/** An error as a header can carry it: on one line and not too long. */
export function errorText(error: MicroError): string {
  const { id, code, detail, status } = error;
  const short =
    detail.length <= maxDetailLength
      ? error
      : new MicroError(id, code, `${detail.slice(0, maxDetailLength)}…`, { status });
  return short.toText().replace(/[\r\n\0]/g, ' ');
}
