import { randomUUID } from 'node:crypto';
import element, { type Element } from '@xmpp/xml';
import { namespaces } from './namespaces.ts';

export const newId = (): string => randomUUID();

/** Joins, without what was said before. `more` is added as it is. */
export function joining(to: string, id: string, password: string | undefined, more: readonly Element[]): Element {
  const history = element('history', { maxstanzas: '0' });
  const x = element('x', { xmlns: namespaces.muc }, history);
  if (password !== undefined) x.append(element('password', {}, password));
  return element('presence', { to, id }, x, ...more.map(copy));
}

/** An element belongs to one parent only. */
const copy = (of: Element): Element =>
  element(of.name, { ...of.attrs }, ...of.children.map((child) => (typeof child === 'string' ? child : copy(child))));

/** Asks to be called otherwise in a room that we are in. */
export const renaming = (to: string, id: string): Element => element('presence', { to, id });

export function leaving(to: string, farewell: string | undefined): Element {
  const presence = element('presence', { to, type: 'unavailable' });
  if (farewell !== undefined) presence.append(element('status', {}, farewell));
  return presence;
}

/** Opens a new room to others, as the server makes rooms (XEP-0045 10.1.2). */
export const opening = (to: string): Element =>
  element(
    'iq',
    { type: 'set', to, id: newId() },
    element('query', { xmlns: namespaces.owner }, element('x', { xmlns: namespaces.form, type: 'submit' })),
  );

export const pinging = (to: string): Element =>
  element('iq', { type: 'get', to, id: newId() }, element('ping', { xmlns: namespaces.ping }));

export const askingInfo = (to: string): Element =>
  element('iq', { type: 'get', to, id: newId() }, element('query', { xmlns: namespaces.discoInfo }));

/** The items after one, or the first; `most` at a time where the server knows result sets (XEP-0059). */
export function askingItems(to: string, after: string | undefined, most: number): Element {
  const set = element('set', { xmlns: namespaces.resultSet }, element('max', {}, String(most)));
  if (after !== undefined) set.append(element('after', {}, after));
  return element('iq', { type: 'get', to, id: newId() }, element('query', { xmlns: namespaces.discoItems }, set));
}
