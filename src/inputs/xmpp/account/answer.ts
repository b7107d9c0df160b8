import type { Element } from '@xmpp/xml';
import { oneLine } from '../../../document/harmless.ts';
import { XmppError } from '../account.ts';
import { stanzaErrors } from './namespaces.ts';

/** The error that an answer of type `error` stands for. */
export function errorOf(stanza: Element): XmppError {
  const error = stanza.getChild('error');
  const cause = error?.getChildElements().find((child) => child.getNS() === stanzaErrors && child.name !== 'text');
  const condition = oneLine((cause?.name ?? 'undefined-condition').slice(0, 100));
  const words = oneLine((error?.getChildText('text', stanzaErrors) ?? '').slice(0, 200)).trim();
  return new XmppError(
    'refused',
    condition,
    words === '' ? `refused (${condition})` : `refused (${condition}): ${words}`,
  );
}
