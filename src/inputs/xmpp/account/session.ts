import { createElement as xml, type Element } from '@xmpp/xml';
import { type Session, XmppError } from '../account.ts';
import { createAsked } from './asked.ts';
import { createLedger } from './ledger.ts';
import type { Link } from './link.ts';
import type { LoggedIn } from './login.ts';
import type { Previous } from './manage.ts';
import type { Trace } from './trace.ts';
import { managementNamespace } from './namespaces.ts';
import { isCarriable } from './xml/text.ts';

/** A session and the link it is on at the moment. */
export interface LiveSession extends Session {
  /** With it the session can go on after a cut. */
  readonly previous: Previous | undefined;
  readonly idleMs: number;
  /** `performance.now()` of when the server was asked last for a sign of life. */
  readonly askedAt: number;
  /** Goes on with another link: what the server had not is sent again. False when the server claims more than was sent. */
  resume(link: Link, handled: number): boolean;
  /** The link is lost. What is sent from now on waits, where the session can go on, for as long as the server waits for us. */
  cut(): void;
  /** One more stanza came, and was dealt with. */
  count(): void;
  /** Tells the server how many came. */
  tellCount(): void;
  /** False when the server claims more than was sent. */
  acknowledge(count: number): boolean;
  /** An answer to a request of ours came. */
  answer(stanza: Element): void;
  /** Has the server show that it is there. */
  ping(): void;
  /** Resolves when nothing is unacknowledged. */
  settle(signal: AbortSignal): Promise<void>;
  /** Nothing is sent any more, and nothing comes. `handled`: what the server had in the end, where that is known. */
  end(reason: string, handled?: number): void;
}

type NewLogin = Extract<LoggedIn, { readonly kind: 'new' }>;

const usualTimeoutMs = 30_000;

/** `askMs`: how long a stanza may be unacknowledged before that is asked for. */
export function createSession(login: NewLogin, first: Link, askMs: number, trace: Trace): LiveSession {
  const { jid, managed, limits } = login;
  const { maxStanzaBytes } = limits;
  const ledger = createLedger();
  const asked = createAsked(jid);
  let link: Link | undefined = first;
  let over: string | undefined;
  let received = 0;
  let askedAt = first.heardAt;
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;
  let lapse: NodeJS.Timeout | undefined;
  let settled = (): void => {};

  const write = (element: Element): void => void link?.write(element.toString());

  const askCount = (): void => {
    isAsking = true;
    askedAt = performance.now();
    write(xml('r', { xmlns: managementNamespace }));
  };

  /** Sooner or later there is an acknowledgement of all that was sent. */
  const askLater = (): void => {
    if (timer !== undefined || isAsking || ledger.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (link !== undefined) askCount();
    }, askMs);
  };

  const send = async (element: Element): Promise<void> => {
    if (over !== undefined) throw new XmppError('unavailable', '', over);
    const text = element.toString();
    if (Buffer.byteLength(text) > maxStanzaBytes) {
      throw new XmppError(
        'refused',
        'policy-violation',
        `the server takes at most ${maxStanzaBytes} bytes in one piece`,
      );
    }
    // The server would end the stream for it.
    if (!isCarriable(text)) throw new XmppError('refused', 'bad-format', 'a character that XML does not allow');
    trace.sent(element);
    if (managed === undefined) {
      await (link?.write(text) ?? Promise.reject(new XmppError('unavailable', '', 'the stream is lost')));
      return;
    }
    const before = ledger.size;
    const acknowledged = ledger.add(text);
    if (ledger.size > before) void link?.write(text);
    askLater();
    await acknowledged;
  };

  const acknowledge = (count: number): boolean => {
    const isPossible = ledger.acknowledge(count);
    isAsking = false;
    if (ledger.size === 0) settled();
    askLater();
    return isPossible;
  };

  const ask: Session['ask'] = (request, { timeoutMs = usualTimeoutMs, signal } = {}) =>
    asked.ask(request, send, timeoutMs, signal);

  const end: LiveSession['end'] = (reason, handled) => {
    if (over !== undefined) return;
    over = reason;
    link = undefined;
    clearTimeout(timer);
    clearTimeout(lapse);
    if (handled !== undefined) ledger.acknowledge(handled);
    ledger.fail(reason);
    asked.fail(reason);
    settled();
  };

  return {
    jid,
    maxStanzaBytes,
    send,
    ask,
    get previous() {
      const id = managed?.id;
      return id === undefined || over !== undefined ? undefined : { id, received };
    },
    idleMs: limits.idleMs,
    get askedAt() {
      return askedAt;
    },
    resume(next, handled) {
      if (!acknowledge(handled)) return false;
      clearTimeout(lapse);
      lapse = undefined;
      link = next;
      for (const text of ledger.texts()) void next.write(text);
      askLater();
      return true;
    },
    cut() {
      link = undefined;
      isAsking = false;
      clearTimeout(timer);
      timer = undefined;
      if (managed?.id !== undefined)
        lapse ??= setTimeout(() => end('the stream was lost for too long'), managed.resumeMs);
    },
    count() {
      received = (received + 1) % 2 ** 32;
    },
    tellCount() {
      if (managed !== undefined) write(xml('a', { xmlns: managementNamespace, h: String(received) }));
    },
    acknowledge,
    answer: (stanza) => asked.answer(stanza),
    ping() {
      if (managed !== undefined) {
        askCount();
        return;
      }
      askedAt = performance.now();
      const [, domain = ''] = jid.split(/[@/]/);
      // An error is as good a sign of life.
      ask(xml('iq', { type: 'get', to: domain }, xml('ping', { xmlns: 'urn:xmpp:ping' }))).catch(() => {});
    },
    async settle(signal) {
      if (ledger.size === 0 || link === undefined) return;
      askCount();
      await new Promise<void>((resolve) => {
        settled = resolve;
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    end,
  };
}
