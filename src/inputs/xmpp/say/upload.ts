import { randomUUID } from 'node:crypto';
import { createElement as xml, type Element } from '@xmpp/xml';
import type { Log } from '../../../log/log.ts';
import type { Session } from '../account.ts';
import { domainOf } from '../read/address.ts';
import { attribute, childOf, childrenOf } from '../read/element.ts';
import { put } from './put.ts';

/** Puts what is too long for messages where people can fetch it (XEP-0363). */
export interface Upload {
  /** The address of the file; undefined where the server offers no place for it. Rejects only with the signal's reason. */
  share(content: string, session: Session, signal: AbortSignal): Promise<string | undefined>;
}

export interface UploadOptions {
  /** Authorities for the place of the file, as PEM. Default: those of Node. */
  readonly ca?: string | undefined;
  /** Also where nothing is encrypted, as with a server on this very machine. Default false. */
  readonly allowsPlain?: boolean | undefined;
}

interface Place {
  readonly jid: string;
  readonly maxBytes: number;
}

const namespace = 'urn:xmpp:http:upload:0';
const discoItems = 'http://jabber.org/protocol/disco#items';
const discoInfo = 'http://jabber.org/protocol/disco#info';
/** A server with more parts is asked about the first ones. */
const mostItems = 20;
const timeoutMs = 10_000;

export function createUpload({ ca, allowsPlain = false }: UploadOptions, log: Log): Upload {
  const places = new WeakMap<Session, Promise<Place | undefined>>();

  const request = async (session: Session, place: Place, bytes: number, signal: AbortSignal): Promise<Element> => {
    const wanted = { xmlns: namespace, filename: 'answer.txt', size: String(bytes), 'content-type': contentType };
    const answer = await session.ask(iq(place.jid, xml('request', wanted)), { timeoutMs, signal });
    const slot = childOf(answer, 'slot', namespace);
    if (slot === undefined) throw new Error('the server named no place for the file');
    return slot;
  };

  return {
    async share(content, session, signal) {
      try {
        // Found once a login. The signal is nobody's reason not to find it again.
        const found = places.get(session) ?? find(session, signal);
        places.set(session, found);
        const place = await found.catch((error: unknown) => {
          places.delete(session);
          throw error;
        });
        const bytes = Buffer.from(content);
        if (place === undefined || bytes.length > place.maxBytes) return undefined;
        const slot = await request(session, place, bytes.length, signal);
        const [to, from] = [childOf(slot, 'put', namespace), childOf(slot, 'get', namespace)];
        const target = addressOf(to, allowsPlain);
        const address = addressOf(from, allowsPlain);
        if (to === undefined || target === undefined || address === undefined) {
          throw new Error('the server named a place for the file that can not be used');
        }
        await put(target, bytes, { headers: { 'content-type': contentType, ...headersOf(to) }, ca, signal });
        return address.href;
      } catch (error) {
        signal.throwIfAborted();
        log.warn('a long answer was not uploaded: it comes as messages', { error });
        return undefined;
      }
    },
  };
}

const contentType = 'text/plain; charset=utf-8';

const iq = (to: string, payload: Element): Element => xml('iq', { type: 'get', to, id: randomUUID() }, payload);

/** Asks the server and its parts, all at once. The first one in its list that takes files is it. */
async function find(session: Session, signal: AbortSignal): Promise<Place | undefined> {
  const domain = domainOf(session.jid);
  const items = await session.ask(iq(domain, xml('query', discoItems)), { timeoutMs, signal });
  const query = childOf(items, 'query', discoItems);
  const parts = query === undefined ? [] : childrenOf(query, 'item', discoItems).slice(0, mostItems);
  const jids = [domain, ...parts.flatMap((item) => attribute(item, 'jid') ?? [])];
  const infos = await Promise.allSettled(
    jids.map((jid) => session.ask(iq(jid, xml('query', discoInfo)), { timeoutMs, signal })),
  );
  for (const [index, info] of infos.entries()) {
    const place = info.status === 'fulfilled' ? placeOf(jids[index] ?? domain, info.value) : undefined;
    if (place !== undefined) return place;
  }
  return undefined;
}

function placeOf(jid: string, info: Element): Place | undefined {
  const query = childOf(info, 'query', discoInfo);
  if (query === undefined) return undefined;
  if (!childrenOf(query, 'feature', discoInfo).some((feature) => attribute(feature, 'var') === namespace))
    return undefined;
  const limits = childrenOf(query, 'x', 'jabber:x:data')
    .flatMap((form) => childrenOf(form, 'field', 'jabber:x:data'))
    .filter((field) => attribute(field, 'var') === 'max-file-size')
    .map((field) => Number(childOf(field, 'value', 'jabber:x:data')?.getText()));
  const [maxBytes = Number.MAX_SAFE_INTEGER] = limits.filter((limit) => Number.isSafeInteger(limit) && limit > 0);
  return { jid, maxBytes };
}

function addressOf(element: Element | undefined, allowsPlain: boolean): URL | undefined {
  const address = (element && attribute(element, 'url')) ?? '';
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' || (allowsPlain && url.protocol === 'http:') ? url : undefined;
}

/** A server may ask for these three, and for no others. */
const allowed: ReadonlySet<string> = new Set(['authorization', 'cookie', 'expires']);

const headersOf = (to: Element): Readonly<Record<string, string>> =>
  Object.fromEntries(
    childrenOf(to, 'header', namespace)
      .map(
        (header) => [(attribute(header, 'name') ?? '').toLowerCase(), header.getText().replace(/[\r\n]/g, '')] as const,
      )
      .filter(([name]) => allowed.has(name)),
  );
