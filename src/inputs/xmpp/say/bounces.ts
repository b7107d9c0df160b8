import type { Element } from '@xmpp/xml';
import type { Log } from '../../../log/log.ts';
import { bareOf } from '../read/address.ts';
import { attribute, childOf, client } from '../read/element.ts';
import type { Target } from './target.ts';

/** What comes back of what was said: the server took it, and somebody further on did not. */
export interface Bounces {
  /** `onReturn` is called with the condition instead of telling it in the log. */
  expect(id: string, target: Target, onReturn?: (condition: string) => void): void;
  /** True for something of ours that came back from where it went. */
  take(stanza: Element): boolean;
}

/** So many of the last messages are known. */
const most = 500;

export function createBounces(log: Log): Bounces {
  const sent = new Map<
    string,
    { readonly target: Target; readonly onReturn: ((condition: string) => void) | undefined }
  >();
  return {
    expect(id, target, onReturn) {
      sent.set(id, { target, onReturn });
      const [oldest] = sent.keys();
      if (sent.size > most && oldest !== undefined) sent.delete(oldest);
    },
    take(stanza) {
      if (!stanza.is('message') || attribute(stanza, 'type') !== 'error') return false;
      const id = attribute(stanza, 'id') ?? '';
      const found = sent.get(id);
      // Nobody takes back what was said to another.
      if (found === undefined || bareOf(attribute(stanza, 'from') ?? '') !== bareOf(found.target.to)) return false;
      sent.delete(id);
      const condition = conditionOf(stanza);
      if (found.onReturn !== undefined) found.onReturn(condition);
      else log.warn('an answer was not taken where it went', { to: found.target.to, condition });
      return true;
    },
  };
}

const conditions = 'urn:ietf:params:xml:ns:xmpp-stanzas';

const conditionOf = (stanza: Element): string =>
  childOf(stanza, 'error', client)
    ?.getChildElements()
    .find((child) => child.getNS() === conditions && child.getName() !== 'text')
    ?.getName() ?? '';
