import type { Element } from '@xmpp/xml';

/** The namespace of stanzas: a stanza on its own does not name it, the stream around it does. */
export const client = 'jabber:client';

/** The children of that name and namespace. A name alone says nothing: anybody can put anything into a namespace of their own. */
export const childrenOf = (parent: Element, name: string, namespace: string): readonly Element[] =>
  parent.getChildElements().filter((child) => is(child, name, namespace));

export const childOf = (parent: Element, name: string, namespace: string): Element | undefined =>
  childrenOf(parent, name, namespace)[0];

export const is = (element: Element, name: string, namespace: string): boolean =>
  element.getName() === name && namespaceOf(element) === namespace;

export const namespaceOf = (element: Element): string => element.getNS() ?? client;

/** An attribute that says something; undefined for one that is missing or empty. */
export function attribute(element: Element, name: string): string | undefined {
  const value: unknown = Object.hasOwn(element.attrs, name) ? element.attrs[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
