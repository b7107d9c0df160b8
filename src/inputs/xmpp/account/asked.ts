import { randomBytes } from 'node:crypto';
import type { Element } from '@xmpp/xml';
import { deadline } from '../../../async/deadline.ts';
import { withResolvers } from '../../../async/queue.ts';
import { XmppError } from '../account.ts';
import { errorOf } from './answer.ts';

/** Requests of ours that are not answered yet. */
export interface Asked {
  /** Gives the request an id, sends it and waits. Rejects with an `XmppError`, or the signal's reason. */
  ask(
    request: Element,
    send: (request: Element) => Promise<void>,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Element>;
  /** Takes an answer. Those that nobody waits for, or that come from somebody else, are dropped. */
  answer(stanza: Element): void;
  fail(reason: string): void;
}

interface Pending {
  readonly to: string;
  readonly resolve: (answer: Element) => void;
  readonly reject: (error: Error) => void;
}

/** `own` is our full address. */
export function createAsked(own: string): Asked {
  const pending = new Map<string, Pending>();
  const [bare = ''] = own.split('/');
  const domain = bare.slice(bare.indexOf('@') + 1);
  // What is asked without an address is asked of the account itself.
  const home = new Set(['', bare, domain, own].map(same));
  const prefix = randomBytes(6).toString('hex');
  let count = 0;

  return {
    async ask(request, send, timeoutMs, signal) {
      signal?.throwIfAborted();
      using limit = deadline(signal, timeoutMs);
      const id = `${prefix}-${++count}`;
      request.attrs['id'] = id;
      const { promise, resolve, reject } = withResolvers<Element>();
      const giveUp = (): void => {
        const late = new XmppError('unavailable', 'remote-server-timeout', 'no answer came in time');
        reject(signal?.aborted === true ? (signal.reason as Error) : late);
      };
      limit.signal.addEventListener('abort', giveUp, { once: true });
      pending.set(id, { to: same(String(request.attrs['to'] ?? '')), resolve, reject });
      try {
        send(request).catch(reject);
        return await promise;
      } finally {
        pending.delete(id);
      }
    },
    answer(stanza) {
      const waiting = pending.get(String(stanza.attrs['id'] ?? ''));
      const from = same(String(stanza.attrs['from'] ?? ''));
      if (waiting === undefined || !(from === waiting.to || (home.has(waiting.to) && home.has(from)))) return;
      if (stanza.attrs['type'] === 'error') waiting.reject(errorOf(stanza));
      else waiting.resolve(stanza);
    },
    fail(reason) {
      for (const { reject } of pending.values()) reject(new XmppError('unavailable', '', reason));
    },
  };
}

/** Servers write addresses their own way: the case of all but the resource does not matter. */
function same(jid: string): string {
  const slash = jid.indexOf('/');
  return slash === -1 ? jid.toLowerCase() : jid.slice(0, slash).toLowerCase() + jid.slice(slash);
}
