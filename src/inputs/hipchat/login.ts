import { createHash } from 'node:crypto';
import { createElement as xml, type Element } from '@xmpp/xml';
import { XmppError } from '../xmpp/account.ts';
import type { Authorize, Authorized, LoginStream } from '../xmpp/account/authorize.ts';
import { hipchatNames, xmppNames } from './names.ts';

export interface LoginOptions {
  /** What the account has for a password is a token. */
  readonly isToken: boolean;
}

/**
 * How a bot logs in to HipChat: with a token by HipChat's own mechanism; with a password by SASL where the server has any of it, else by
 * `jabber:iq:auth` (XEP-0078), with a digest where that is taken.
 */
export function hipchatLogin({ isToken }: LoginOptions): Authorize {
  return async (login) => {
    if (!isToken && mechanisms(login.features).some((name) => ours.test(name))) return undefined;
    if (!login.isSecure && !login.allowsPlain) {
      throw new XmppError('refused', 'encryption-required', 'nothing secret is sent to HipChat without encryption');
    }
    return isToken ? byToken(login) : byPassword(login);
  };
}

/** What the account can do by itself. */
const ours = /^(?:PLAIN|SCRAM-SHA-(?:1|256))$/;

const mechanisms = (features: Element): readonly string[] =>
  (features.getChild('mechanisms', xmppNames.sasl)?.getChildren('mechanism') ?? []).map((each) => each.text());

async function byPassword(login: LoginStream): Promise<Authorized> {
  const { username, domain, password, resource, streamId } = login;
  const ask = (type: 'get' | 'set', ...fields: readonly Element[]): Promise<Element> =>
    login.ask(xml('iq', { type, to: domain }, xml('query', { xmlns: xmppNames.auth }, ...fields)));
  const offered = (await ask('get', xml('username', {}, username))).getChild('query', xmppNames.auth);
  const hasDigest = streamId !== '' && offered?.getChild('digest') !== undefined;
  const proof = hasDigest
    ? xml('digest', {}, createHash('sha1').update(`${streamId}${password}`).digest('hex'))
    : xml('password', {}, password);
  await ask('set', xml('username', {}, username), proof, xml('resource', {}, resource));
  return { kind: 'bound', jid: `${username}@${domain}/${resource}` };
}

/** HipChat answers as SASL does, but goes on in the same stream: the resource is bound with it. */
async function byToken(login: LoginStream): Promise<Authorized> {
  const { username, domain, password: token, resource } = login;
  const proof = Buffer.from(`\0${token}\0${resource}`).toString('base64');
  login.send(xml('auth', { xmlns: hipchatNames.auth, ver: '22', mechanism: 'oauth2' }, proof));
  const answer = await login.next();
  if (!answer.is('success')) {
    const condition = answer.getChildElements().find(({ name }) => name !== 'text')?.name ?? answer.name;
    throw new XmppError('refused', condition, `HipChat refuses the token: ${condition}`);
  }
  const told = String(answer.attrs['jid'] ?? answer.text()).trim();
  const jid = told.includes('@') ? told : `${username}@${domain}`;
  return { kind: 'bound', jid: jid.includes('/') ? jid : `${jid}/${resource}` };
}
