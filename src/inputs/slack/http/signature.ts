import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { InputError } from '../../input.ts';
import { Refusal } from './refusal.ts';

/** What the headers of a request say about who sent it, before that is proven. */
export interface Claim {
  /** Seconds since the epoch. */
  readonly sentAt: number;
  readonly digest: Buffer;
}

/** How far a request's time may be from ours, either way, in seconds. */
export const windowSeconds = 300;

const shortestSecret = 16;

/** Throws an `InputError` (`config`) that tells which secret is wrong, and nothing of it. */
export function checkSecrets(secrets: readonly string[]): void {
  if (secrets.length === 0) throw new InputError('config', 'Slack over HTTP needs the signing secret of the app');
  for (const [index, secret] of secrets.entries()) {
    const which = secrets.length === 1 ? 'the signing secret' : `signing secret ${index + 1} of ${secrets.length}`;
    if (secret === '') throw new InputError('config', `${which} is empty`);
    if (!/^[\x21-\x7e]+$/.test(secret)) throw new InputError('config', `${which} has characters that no secret has`);
    if (secret.length < shortestSecret)
      throw new InputError(
        'config',
        `${which} is too short: it has ${secret.length} characters, those of Slack have 32`,
      );
  }
}

/** Reads the two headers; `now` is in milliseconds. Throws a `Refusal`. Of a header that comes twice Node makes one that is neither. */
export function readClaim(headers: IncomingHttpHeaders, now: number): Claim {
  const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = headers;
  if (typeof timestamp !== 'string' || typeof signature !== 'string') throw new Refusal(401, 'no signature');
  if (!/^[1-9]\d{0,11}$/.test(timestamp)) throw new Refusal(401, 'timestamp is no number');
  const sentAt = Number(timestamp);
  if (Math.abs(Math.floor(now / 1000) - sentAt) > windowSeconds) throw new Refusal(401, 'too old, or a clock is wrong');
  const hex = /^v0=(?<hex>[0-9a-f]{64})$/.exec(signature)?.groups?.['hex'];
  if (hex === undefined) throw new Refusal(401, 'signature is none');
  return { sentAt, digest: Buffer.from(hex, 'hex') };
}

/** Throws a `Refusal` when none of the secrets signed these bytes at that time. It takes as long for every wrong signature. */
export function checkSignature({ sentAt, digest }: Claim, body: Buffer, secrets: readonly string[]): void {
  let isGenuine = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(`v0:${sentAt}:`).update(body).digest();
    if (timingSafeEqual(expected, digest)) isGenuine = true;
  }
  if (!isGenuine) throw new Refusal(401, 'signature does not match');
}
