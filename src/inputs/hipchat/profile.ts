import { createElement as xml, type Element } from '@xmpp/xml';
import { type Session, XmppError } from '../xmpp/account.ts';
import { hipchatNames, xmppNames } from './names.ts';
import { bare, mentionName } from './user.ts';

/** What a person or bot is called. */
export interface Profile {
  /** The full name: rooms take us by no other nick. */
  readonly name: string;
  readonly mention: string | undefined;
}

/**
 * Asks what we are called: the business card, and where it says nothing HipChat's own profile. Undefined where the server knows of
 * neither. Rejects with an `XmppError` (`unavailable`) when it does not answer.
 */
export async function ownProfile(session: Session): Promise<Profile | undefined> {
  const card = (await asked(session, xml('iq', { type: 'get' }, xml('vCard', { xmlns: xmppNames.vcard }))))?.getChild(
    'vCard',
    xmppNames.vcard,
  );
  const name = card === undefined ? undefined : text(card, 'FN');
  if (card !== undefined && name !== undefined) {
    return { name, mention: mentionName(text(card, 'NICKNAME') ?? '') ?? compact(name) };
  }
  return profileOf(session, bare(session.jid));
}

/** Asks HipChat's profile of somebody. Undefined where there is none. */
async function profileOf(session: Session, jid: string): Promise<Profile | undefined> {
  const request = xml('iq', { type: 'get', to: jid }, xml('query', { xmlns: hipchatNames.profile }));
  const query = (await asked(session, request))?.getChild('query', hipchatNames.profile);
  const name = query === undefined ? undefined : text(query, 'name');
  if (query === undefined || name === undefined) return undefined;
  return { name, mention: mentionName(text(query, 'mention_name') ?? '') ?? compact(name) };
}

/** The mention name of somebody by their business card. Undefined where it does not say. */
export async function cardMention(session: Session, jid: string): Promise<string | undefined> {
  const request = xml('iq', { type: 'get', to: jid }, xml('vCard', { xmlns: xmppNames.vcard }));
  const card = (await asked(session, request))?.getChild('vCard', xmppNames.vcard);
  return card === undefined ? undefined : mentionName(text(card, 'NICKNAME') ?? '');
}

/** HipChat's own choice for who has not made one. */
const compact = (name: string): string | undefined => mentionName(name.replace(/\s+/g, ''));

async function asked(session: Session, request: Element): Promise<Element | undefined> {
  try {
    return await session.ask(request);
  } catch (error) {
    if (error instanceof XmppError && error.code === 'refused') return undefined;
    throw error;
  }
}

const text = (parent: Element, name: string): string | undefined => {
  const value = parent.getChildText(name)?.trim();
  return value === undefined || value === '' ? undefined : value;
};
