import { WebSocket } from 'ws';
import { withResolvers } from '../../../async/queue.ts';
import type { Log } from '../../../log/log.ts';
import type { Accept } from '../source.ts';
import { LinkError, nameOf } from './failure.ts';
import { type Frame, readFrame, type Reason } from './frame.ts';
import type { Timing } from './timing.ts';

/** One socket to Slack. It acknowledges whatever comes for as long as it is open. */
export interface Link {
  /** Resolves when Slack said hello. Rejects with a `LinkError` when the socket was lost before. */
  readonly hello: Promise<void>;
  /** Resolves when another socket has to take its place. */
  readonly ended: Promise<LinkEnd>;
  /** Resolves when nothing of it is left. */
  readonly closed: Promise<void>;
  /** Another one took its place: it still listens until Slack closes it, or for the grace. */
  retire(): void;
  /** Says goodbye after the acknowledgements that are under way. */
  close(): void;
}

export type LinkEnd =
  /** It will be closed soon, and receives until then. */
  { readonly kind: 'refresh' } | { readonly kind: 'lost'; readonly failure: LinkError };

export interface LinkOptions {
  readonly accept: Accept;
  readonly timing: Timing;
  readonly log: Log;
  /** Called right when Slack said hello, and when the socket can't receive any more after that. */
  readonly onUp: () => void;
  readonly onDown: (reason: string) => void;
  /** Called when it lived long enough to be a success. */
  readonly onStable: () => void;
  /** Closes it. Nothing is accepted any more then. */
  readonly signal: AbortSignal;
}

/** Beyond that, Slack's own limits are broken and the socket is given up. */
const maxPayloadBytes = 8_388_608;

/** Opens a socket. The address is a secret: it is in no log and no error. Throws a `LinkError` when it is no address. */
export function openLink(url: string, options: LinkOptions): Link {
  const { accept, timing, log, signal } = options;
  const ws = connect(url);
  const hello = withResolvers<void>();
  // Whoever does not wait for hello learns from `ended`.
  hello.promise.catch(() => {});
  const ended = withResolvers<LinkEnd>();
  const closed = withResolvers<void>();
  const timers = new Set<NodeJS.Timeout>();
  const told = new Set<string>();
  let phase: 'opening' | 'up' | 'down' = 'opening';
  let silentPings = 0;
  let unansweredPings = 0;
  let expiresAt = 0;
  let goodbye: NodeJS.Timeout | undefined;

  const after = (ms: number, then: () => void): void => {
    timers.add(setTimeout(then, ms));
  };

  const down = (failure: LinkError): void => {
    if (phase === 'down') return;
    const was = phase;
    phase = 'down';
    for (const timer of timers) clearTimeout(timer);
    hello.reject(failure);
    ended.resolve({ kind: 'lost', failure });
    if (was === 'up') options.onDown(failure.message);
  };

  const lose = (reason: string): void => {
    down(new LinkError('unavailable', reason));
    ws.terminate();
  };

  const close = (): void => {
    if (ws.readyState === WebSocket.CONNECTING) lose('the socket was given up');
    else ws.close(1000);
  };

  // The library calls this also to answer Slack's goodbye; its `close` event waits for the end of TCP, which may never come.
  const sayGoodbye = ws.close.bind(ws);
  ws.close = (code, text) => {
    if (ws.readyState === WebSocket.CLOSED) return;
    down(new LinkError('unavailable', `the socket was closed (${code ?? 1005})`));
    sayGoodbye(code, text);
    goodbye ??= setTimeout(() => ws.terminate(), timing.closeMs);
  };

  const retire = (): void => {
    // Slack is the one to close it, because what it sends after our goodbye could not be acknowledged any more.
    const restMs = Math.max(0, expiresAt - performance.now());
    if (phase === 'up') after(restMs + timing.graceMs, close);
  };

  const beat = (): void => {
    if (silentPings >= timing.missedPings || unansweredPings >= timing.missedPings * 4) {
      lose('the socket fell silent');
      return;
    }
    silentPings += 1;
    unansweredPings += 1;
    ws.ping();
  };

  const up = (lifetimeMs: number | undefined): void => {
    if (phase !== 'opening') return;
    phase = 'up';
    for (const timer of timers) clearTimeout(timer);
    timers.add(setInterval(beat, timing.pingMs));
    after(timing.stableMs, options.onStable);
    if (lifetimeMs !== undefined) {
      expiresAt = performance.now() + lifetimeMs;
      // Somewhat at random: sockets that were opened together need not be refreshed together.
      after(lifetimeMs * (0.9 + Math.random() * 0.08), () => ended.resolve({ kind: 'refresh' }));
    }
    hello.resolve();
    options.onUp();
  };

  const leave = (reason: Reason): void => {
    switch (reason) {
      case 'refresh':
        expiresAt = 0;
        if (phase === 'up') ended.resolve({ kind: 'refresh' });
        else lose('Slack closed the socket before hello');
        return;
      case 'crowded':
        down(new LinkError('crowded', 'Slack allows no more sockets for this app (too_many_websockets)'));
        break;
      case 'disabled':
        down(new LinkError('refused', 'Socket Mode is switched off in the settings of the Slack app (link_disabled)'));
        break;
      default:
        reason satisfies never;
    }
    close();
  };

  const acknowledge = (id: string, payload?: Readonly<Record<string, unknown>>): void => {
    // A socket that is on its way out takes nothing: Slack sends it again on another one.
    if (ws.readyState === WebSocket.OPEN) ws.send(JSON.stringify({ envelope_id: id, payload }));
  };

  const take = (frame: Frame): void => {
    switch (frame.kind) {
      case 'envelope': {
        const payload = accept(frame.delivery);
        acknowledge(frame.id, frame.answerable ? payload : undefined);
        return;
      }
      case 'ignored':
        if (frame.id !== undefined) acknowledge(frame.id);
        if (told.has(frame.why)) return;
        told.add(frame.why);
        log.debug('what Slack sent was ignored', { why: frame.why });
        return;
      case 'hello':
        up(frame.lifetimeMs);
        return;
      case 'disconnect':
        log.debug('Slack ends a socket', { reason: frame.reason });
        leave(frame.reason);
        return;
      default:
        frame satisfies never;
    }
  };

  ws.on('message', (data) => {
    silentPings = 0;
    if (signal.aborted) return;
    try {
      take(readFrame(data as Buffer));
    } catch (error) {
      // Not acknowledged: Slack sends it again.
      log.error('what Slack sent could not be taken', { error });
    }
  });
  ws.on('ping', () => {
    silentPings = 0;
  });
  ws.on('pong', () => {
    silentPings = 0;
    unansweredPings = 0;
  });
  ws.on('unexpected-response', (_request, response) => lose(`Slack answered ${response.statusCode ?? 0}`));
  ws.on('error', (error) => lose(nameOf(error)));
  ws.on('close', (code) => {
    down(new LinkError('unavailable', `the socket was closed (${code})`));
    clearTimeout(goodbye);
    signal.removeEventListener('abort', close);
    closed.resolve();
  });
  after(timing.helloMs, () => lose('Slack did not say hello in time'));
  signal.addEventListener('abort', close, { once: true });
  return { hello: hello.promise, ended: ended.promise, closed: closed.promise, retire, close };
}

function connect(url: string): WebSocket {
  try {
    return new WebSocket(url, { perMessageDeflate: false, maxPayload: maxPayloadBytes });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new LinkError('unavailable', 'Slack gave something that is no address of a socket');
  }
}
