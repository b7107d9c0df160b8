import { createElement as xml, type Element } from '@xmpp/xml';
import { XmppError } from '../account.ts';
import { errorOf } from './answer.ts';
import type { Authorize } from './authorize.ts';
import { Failure, failureOfLogin } from './failure.ts';
import { createLibrary, type Library } from './library.ts';
import type { Link } from './link.ts';
import { type Enabled, enable, keep, type Previous, resume } from './manage.ts';
import { chooseMechanism, type Credentials, type Memory } from './mechanism.ts';
import { saslNamespace, streamNamespace } from './namespaces.ts';

export interface LoginOptions extends Credentials {
  readonly domain: string;
  readonly resource: string;
  readonly allowsPlain: boolean;
  readonly authorize: Authorize | undefined;
  readonly memory: Memory;
  /** The session that was cut, if it may go on. */
  readonly previous: Previous | undefined;
  readonly timeoutMs: number;
}

export type LoggedIn =
  /** The previous session goes on. The server had so many of our stanzas. */
  | { readonly kind: 'resumed'; readonly handled: number }
  /** A session of its own. `handled`: what the server had of the previous one, where it still knows. */
  | {
      readonly kind: 'new';
      readonly jid: string;
      readonly handled: number | undefined;
      readonly managed: Enabled | undefined;
      readonly limits: ServerLimits;
      readonly early: readonly Element[];
    };

/** What the server takes (XEP-0478). */
export interface ServerLimits {
  readonly maxStanzaBytes: number;
  readonly idleMs: number;
}

/** No server may take less (RFC 6120, 13.12). */
const leastStanzaBytes = 10_000;

/** Logs in on a fresh link. Rejects with a `Failure`; the link is to be dropped then. */
export async function login(link: Link, options: LoginOptions): Promise<LoggedIn> {
  const library = createLibrary(link, options.domain, options.timeoutMs);
  void link.ended.then((failure) => library.fail(failure));
  await library.open();
  const first = await nextFeatures(link);
  const early: Element[] = [];
  const ask = (request: Element): Promise<Element> => askOn(link, request, early);
  const authorized = await options.authorize?.({
    ...options,
    features: first,
    isSecure: link.isSecure,
    streamId: String(library.stream?.attrs['id'] ?? ''),
    send: (element) => void link.write(element.toString()),
    next: () => link.next(),
    ask,
  });
  if (authorized?.kind === 'bound') {
    return { kind: 'new', jid: authorized.jid, handled: undefined, managed: undefined, limits: limitsOf(first), early };
  }
  if (authorized === undefined) await authenticate(link, library, first, options);
  else await library.restart();
  const features = await nextFeatures(link);
  const limits = limitsOf(features);
  const outcome = await resume(link, features, options.previous);
  if (outcome.kind === 'resumed') return outcome;
  const jid = await bind(features, options.resource, ask);
  const managed = await enable(link, features, early);
  return { kind: 'new', jid, handled: outcome.handled, managed, limits, early };
}

async function nextFeatures(link: Link): Promise<Element> {
  const element = await link.next();
  if (element.is('features', streamNamespace)) return element;
  throw new Failure('unavailable', 'the server sent something else than its features');
}

async function authenticate(link: Link, library: Library, features: Element, options: LoginOptions): Promise<void> {
  const mechanism = chooseMechanism(features, link, options, options.memory);
  const begun = library.authenticate(mechanism);
  const talk = async (): Promise<void> => {
    for (;;) {
      const element = await link.next();
      if (element.getNS() !== saslNamespace) continue;
      if (element.name === 'failure')
        throw failureOfLogin(element.getChildElements().find(({ name }) => name !== 'text')?.name ?? '');
      if (element.name === 'success') mechanism.verify(Buffer.from(element.getText(), 'base64').toString('latin1'));
      library.give(element);
      if (element.name === 'success') return;
    }
  };
  // Whichever fails first tells why.
  await Promise.all([talk(), begun]);
}

async function bind(features: Element, resource: string, ask: (request: Element) => Promise<Element>): Promise<string> {
  const bindNamespace = 'urn:ietf:params:xml:ns:xmpp-bind';
  const sessionNamespace = 'urn:ietf:params:xml:ns:xmpp-session';
  const request = xml('iq', { type: 'set' }, xml('bind', { xmlns: bindNamespace }, xml('resource', {}, resource)));
  try {
    const jid = (await ask(request)).getChild('bind', bindNamespace)?.getChildText('jid');
    // Servers from before RFC 6121 want a session as well.
    const session = features.getChild('session', sessionNamespace);
    if (session !== undefined && session.getChild('optional') === undefined) {
      await ask(xml('iq', { type: 'set' }, xml('session', { xmlns: sessionNamespace })));
    }
    if (typeof jid === 'string' && jid.includes('@')) return jid;
  } catch (error) {
    if (error instanceof XmppError && error.condition === 'conflict') {
      throw new Failure('conflict', 'another client has this very address (conflict)');
    }
    throw error;
  }
  throw new Failure('unavailable', 'the server gave us no address');
}

/** Asks while nobody listens yet. What comes in the meantime is put into `early`. */
async function askOn(link: Link, request: Element, early: Element[]): Promise<Element> {
  const id = `login-${Math.random().toString(36).slice(2)}`;
  request.attrs['id'] = id;
  void link.write(request.toString());
  for (;;) {
    const element = await link.next();
    const type: unknown = element.attrs['type'];
    if (element.name !== 'iq' || element.attrs['id'] !== id || (type !== 'result' && type !== 'error'))
      keep(element, early);
    else if (type === 'result') return element;
    else throw errorOf(element);
  }
}

function limitsOf(features: Element): ServerLimits {
  const limits = features.getChild('limits', 'urn:xmpp:stream-limits:0');
  const number = (name: string): number => {
    const text = limits?.getChildText(name) ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : 0;
  };
  return {
    maxStanzaBytes: Math.max(leastStanzaBytes, number('max-bytes')),
    idleMs: number('idle-seconds') * 1000 || Number.POSITIVE_INFINITY,
  };
}
