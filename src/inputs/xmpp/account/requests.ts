import { createElement as xml, type Element } from '@xmpp/xml';
import type { AccountOptions } from './options.ts';
import { stanzaErrors } from './namespaces.ts';

/** Answers what others ask our client (XEP-0030, 0092, 0199, 0202), and refuses the rest. */
export type Answering = (request: Element) => Element;

const discoInfo = 'http://jabber.org/protocol/disco#info';
const discoItems = 'http://jabber.org/protocol/disco#items';
const ping = 'urn:xmpp:ping';
const time = 'urn:xmpp:time';
const version = 'jabber:iq:version';
export function createAnswering({ features = [], software }: Pick<AccountOptions, 'features' | 'software'>): Answering {
  const known = [...new Set([discoInfo, discoItems, ping, time, version, ...features])].toSorted();

  const info = (node: unknown): Element =>
    xml(
      'query',
      { xmlns: discoInfo, ...(typeof node === 'string' && { node }) },
      xml('identity', { category: 'client', type: 'bot', name: software?.name ?? 'micro-bot' }),
      ...known.map((feature) => xml('feature', { var: feature })),
    );

  const resultOf = (type: unknown, asked: Element): Element | 'none' | undefined => {
    const namespace = asked.getNS();
    if (type !== 'get') return undefined;
    if (asked.is('ping', ping)) return 'none';
    if (asked.is('query', discoInfo)) return info(asked.attrs['node']);
    if (asked.is('query', discoItems)) return xml('query', { xmlns: discoItems });
    if (asked.is('query', version)) {
      const { name, version: number } = software ?? { name: 'micro-bot', version: '' };
      return xml('query', { xmlns: namespace }, xml('name', {}, name), xml('version', {}, number));
    }
    if (!asked.is('time', time)) return undefined;
    const utc = new Date().toISOString().replace(/\.\d+/, '');
    return xml('time', { xmlns: time }, xml('tzo', {}, '+00:00'), xml('utc', {}, utc));
  };

  return (request) => {
    const { type, from, id } = request.attrs as Readonly<Record<string, string | undefined>>;
    const [asked, ...more] = request.getChildElements();
    const head = { ...(from !== undefined && { to: from }), ...(id !== undefined && { id }) };
    const refuse = (kind: string, condition: string): Element =>
      xml('iq', { ...head, type: 'error' }, xml('error', { type: kind }, xml(condition, { xmlns: stanzaErrors })));
    if (asked === undefined || more.length > 0 || (type !== 'get' && type !== 'set'))
      return refuse('modify', 'bad-request');
    const result = resultOf(type, asked);
    if (result === undefined) return refuse('cancel', 'service-unavailable');
    return result === 'none' ? xml('iq', { ...head, type: 'result' }) : xml('iq', { ...head, type: 'result' }, result);
  };
}
