import type { Element } from '@xmpp/xml';
import type { Log } from '../../../log/log.ts';
import { managementNamespace } from './namespaces.ts';

/** Tells what passes on a stream, for who looks for a fault. It shows the kinds of things, never what they say. */
export interface Trace {
  received(element: Element): void;
  sent(element: Element): void;
}

const none: Trace = { received: () => {}, sent: () => {} };

export function createTrace(log: Log, isOn: boolean): Trace {
  if (!isOn) return none;
  return {
    received: (element) => log.debug('XMPP: received', fieldsOf(element)),
    sent: (element) => log.debug('XMPP: sent', fieldsOf(element)),
  };
}

function fieldsOf(element: Element): Record<string, unknown> {
  const { type, from, to, id } = element.attrs as Record<string, unknown>;
  // What is no stanza may have an id that lets a session be taken over.
  if (element.getNS() === managementNamespace) return { element: element.getName() };
  const within = element.getChildElements().map((child) => `${child.getName()} ${child.getNS() ?? ''}`);
  return { element: element.getName(), type, from, to, id, within: within.slice(0, 20) };
}
