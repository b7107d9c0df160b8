import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../../log/log.ts';
import { InputError, type InputOutage } from '../../input.ts';
import type { Accept, Source } from '../source.ts';
import { readBindAddress } from './address.ts';
import { createBodies } from './body.ts';
import { readContent } from './content.ts';
import { listen } from './listen.ts';
import { countRefusals, Refusal } from './refusal.ts';
import { createReplays } from './replays.ts';
import { checkSecrets, checkSignature, readClaim } from './signature.ts';

export interface HttpSourceOptions {
  /** One for each app. A request is taken when any of them signed it. */
  readonly signingSecrets: readonly string[];
  /** `:3000`, `127.0.0.1:0`. */
  readonly address: string;
  /** Of events, slash commands and interactivity alike. Default `/slack/events`. */
  readonly path?: string;
  /** How long a request may take to arrive. Default 10,000. */
  readonly patienceMs?: number;
  /** How many may be connected at a time. Default 1024. */
  readonly maxConnections?: number;
  readonly log: Log;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

export interface HttpSource extends Source {
  /** Where it listens, as seen from this machine; undefined while it does not. Slack needs an https address that leads here. */
  readonly url: string | undefined;
}

const maxBodyBytes = 1024 * 1024;
const maxHeldBytes = 64 * 1024 * 1024;

/**
 * What Slack sends over HTTP: it takes what one of the secrets signed within the last five minutes, once, and nothing else.
 * Throws an `InputError` (`config`) without good secrets, address and path.
 */
export function httpSource(options: HttpSourceOptions): HttpSource {
  const { signingSecrets, address, path = '/slack/events', log, now = Date.now } = options;
  const { patienceMs = 10_000, maxConnections = 1024 } = options;
  checkSecrets(signingSecrets);
  if (!/^\/[\x21-\x7e]*$/.test(path) || /[?#]/.test(path))
    throw new InputError('config', `${JSON.stringify(path)} is no path for what Slack sends over HTTP`);
  const bind = readBindAddress(address);
  const replays = createReplays();
  const refusals = countRefusals(log, now);
  const bodies = createBodies({ maxBytes: maxBodyBytes, maxHeldBytes });
  let url: string | undefined;
  let outage: InputOutage | undefined = { since: now(), reason: 'it does not listen yet' };

  /** Throws a `Refusal`. Resolves with the body of the answer. */
  const take = async (request: IncomingMessage, accept: Accept, signal: AbortSignal): Promise<string> => {
    if (request.url?.split('?', 1)[0] !== path) throw new Refusal(404, 'path is unknown');
    if (request.method !== 'POST') throw new Refusal(405, 'method is not POST');
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw new Refusal(413, 'body too large');
    const claim = readClaim(request.headers, now());
    const body = await bodies.read(request);
    checkSignature(claim, body, signingSecrets);
    // Slack tries again later, when somebody may be here to work on it.
    if (signal.aborted) throw new Refusal(503, 'about to end');
    replays.take(claim, now());
    const content = readContent(request.headers, body);
    switch (content.kind) {
      case 'challenge':
        return JSON.stringify({ challenge: content.challenge });
      case 'check':
        return '';
      case 'delivery': {
        const payload = accept(content.delivery);
        return payload === undefined ? '' : JSON.stringify(payload);
      }
      default:
        return content satisfies never;
    }
  };

  const serve = async (
    request: IncomingMessage,
    response: ServerResponse,
    accept: Accept,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      const body = await take(request, accept, signal);
      if (signal.aborted) response.setHeader('connection', 'close');
      answer(response, 200, body);
    } catch (error) {
      // What is left of the request is not worth waiting for.
      response.setHeader('connection', 'close');
      if (error instanceof Refusal) {
        refusals.note(error.message);
        if (error.status === 405) response.setHeader('allow', 'POST');
        answer(response, error.status, '');
      } else if (request.complete) {
        log.error('what came over HTTP could not be taken', { error });
        answer(response, 500, '');
      } else {
        log.debug('a request over HTTP broke off', { error });
        response.destroy();
      }
    }
  };

  return {
    name: 'http',
    get url() {
      return url;
    },
    get outage() {
      return outage;
    },
    async run(accept, open, signal) {
      if (signal.aborted) return;
      const listener = await listen({
        bind,
        serve: (request, response) => void serve(request, response, accept, signal),
        patienceMs,
        maxConnections,
        onDrop: () => refusals.note('too many connections'),
        log,
      });
      try {
        url = `http://${listener.address}${path}`;
        outage = undefined;
        if (!signal.aborted) open();
        await ended(signal);
      } finally {
        url = undefined;
        outage = { since: now(), reason: 'it does not listen any more' };
        await listener.close();
        refusals.flush();
      }
    },
  };
}

function answer(response: ServerResponse, status: number, body: string): void {
  const type = body === '' ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, {
    ...type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
