import type { Element } from '@xmpp/xml';

/** The value of an attribute; empty where there is none. */
export function attribute(element: Element, name: string): string {
  const value: unknown = Object.hasOwn(element.attrs, name) ? element.attrs[name] : undefined;
  return typeof value === 'string' ? value : '';
}
