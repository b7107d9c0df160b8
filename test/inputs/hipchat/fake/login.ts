import { createHash } from 'node:crypto';
import { createElement as xml, type Element } from '@xmpp/xml';
import { ns, type World } from './world.ts';

/** What HipChat's servers offer once a stream is open. */
export const features = ({ mechanisms }: World): Element =>
  xml(
    'stream:features',
    {},
    xml('auth', { xmlns: 'http://jabber.org/features/iq-auth' }),
    xml('auth', { xmlns: ns.hipchat }),
    xml('mechanisms', { xmlns: ns.sasl }, ...mechanisms.map((name) => xml('mechanism', {}, name))),
  );

export interface Login {
  readonly answer: Element;
  readonly by: 'password' | 'digest' | 'token' | 'nothing';
  /** Undefined: not yet, or refused. */
  readonly jid?: string;
}

/** Judges what is sent before a login. */
export function readLogin(world: World, streamId: string, element: Element): Login {
  if (element.is('auth', ns.hipchat)) return byToken(world, element);
  const query = element.getChild('query', 'jabber:iq:auth');
  if (query === undefined) return { by: 'nothing', answer: xml('stream:error', {}, xml('not-authorized')) };
  const id = String(element.attrs['id']);
  if (element.attrs['type'] === 'get') {
    const names = ['username', 'password', 'resource', ...(world.hasDigest ? ['digest'] : [])];
    const fields = xml('query', { xmlns: 'jabber:iq:auth' }, ...names.map((name) => xml(name)));
    return { by: 'nothing', answer: xml('iq', { type: 'result', id }, fields) };
  }
  const field = (name: string): string | null => query.getChildText(name);
  const digest = createHash('sha1')
    .update(streamId + world.password)
    .digest('hex');
  const isKnown = `${field('username')}@${world.domain}` === world.bot.jid;
  const by = world.hasDigest && field('digest') === digest ? 'digest' : 'password';
  if (isKnown && (by === 'digest' || field('password') === world.password)) {
    return { by, jid: `${world.bot.jid}/${field('resource')}`, answer: xml('iq', { type: 'result', id }) };
  }
  const error = xml('error', { type: 'auth', code: '401' }, xml('not-authorized', { xmlns: ns.stanzas }));
  return { by: 'nothing', answer: xml('iq', { type: 'error', id }, error) };
}

function byToken(world: World, element: Element): Login {
  const [nothing, token, resource, ...more] = Buffer.from(element.text(), 'base64').toString().split('\0');
  const isRight = nothing === '' && token === world.token && resource !== undefined && more.length === 0;
  if (!isRight || element.attrs['mechanism'] !== 'oauth2') {
    return { by: 'nothing', answer: xml('failure', { xmlns: ns.sasl }, xml('not-authorized')) };
  }
  const jid = `${world.bot.jid}/${resource}`;
  return { by: 'token', jid, answer: xml('success', { xmlns: ns.sasl, jid, muc_host: world.conference }) };
}
