import { createElement as xml, type Element } from '@xmpp/xml';
import { ns, type World } from './world.ts';

/** Answers a request as HipChat does, with what it has beyond XMPP. Undefined for what is an answer itself. */
export function answer(world: World, iq: Element): Element | undefined {
  if (iq.attrs['type'] !== 'get' && iq.attrs['type'] !== 'set') return undefined;
  const [child] = iq.getChildElements();
  const what = child?.getNS() ?? '';
  world.asked.set(what, (world.asked.get(what) ?? 0) + 1);
  const content = contentOf(world, what, String(iq.attrs['to'] ?? ''));
  const attributes = { id: String(iq.attrs['id']), from: String(iq.attrs['to'] ?? world.bot.jid) };
  if (content === undefined) {
    const error = xml('error', { type: 'cancel' }, xml('service-unavailable', { xmlns: ns.stanzas }));
    return xml('iq', { ...attributes, type: 'error' }, error);
  }
  return xml('iq', { ...attributes, type: 'result' }, ...content);
}

function contentOf(world: World, what: string, to: string): readonly Element[] | undefined {
  switch (what) {
    case 'urn:xmpp:ping':
      return [];
    case 'vcard-temp':
      if (to !== '' && to !== world.bot.jid) return undefined;
      return [xml('vCard', { xmlns: what }, xml('FN', {}, world.bot.name), xml('NICKNAME', {}, world.bot.mention))];
    case 'jabber:iq:roster': {
      const items = world.users.map(({ jid, name, mention }) =>
        xml('item', { jid, name, mention_name: mention, email: `${mention}@hipchat.test`, subscription: 'both' }),
      );
      return [xml('query', { xmlns: what }, ...items)];
    }
    case 'http://jabber.org/protocol/disco#items':
      if (to !== world.conference) return undefined;
      return [xml('query', { xmlns: what }, ...world.rooms.filter(({ isPrivate }) => isPrivate !== true).map(item))];
    default:
      return undefined;
  }
}

const item = ({ jid, name, id, isArchived }: World['rooms'][number]): Element =>
  xml(
    'item',
    { jid, name },
    xml(
      'x',
      { xmlns: ns.room },
      xml('id', {}, id),
      xml('topic', {}, 'anything'),
      xml('privacy', {}, 'public'),
      ...(isArchived === true ? [xml('is_archived')] : []),
    ),
  );
