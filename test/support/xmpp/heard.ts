import { type Element, Parser } from '@xmpp/xml';

/** A stanza as somebody got it. */
export interface Heard {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly id: string;
  /** Empty where there is none. */
  readonly body: string;
  /** What follows the slash in `from`. */
  readonly nick: string;
  /** The message it corrects (XEP-0308). */
  readonly replaces: string | undefined;
  /** Status codes of rooms, such as 110. */
  readonly codes: readonly number[];
  /** All else. */
  readonly element: Element;
}

export function heard(element: Element): Heard {
  const text = (name: string): string => String(element.attrs[name] ?? '');
  const from = text('from');
  const statuses = element.getChildren('x').flatMap((x) => x.getChildren('status'));
  return {
    from,
    to: text('to'),
    type: text('type'),
    id: text('id'),
    body: element.getChildText('body') ?? '',
    nick: from.includes('/') ? from.slice(from.indexOf('/') + 1) : '',
    replaces: element.getChild('replace', 'urn:xmpp:message-correct:0')?.attrs['id'] as string | undefined,
    codes: statuses.map(({ attrs }) => Number(attrs['code'])),
    element,
  };
}

/** Throws when it is not exactly one element. */
export function parseStanza(xml: string): Element {
  let found: Element | undefined;
  const parser = new Parser();
  parser.on('element', (element: Element) => (found = element));
  parser.on('error', (error: Error) => {
    throw error;
  });
  parser.write(`<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>${xml}`);
  if (found === undefined) throw new Error(`no stanza: ${xml}`);
  return found;
}
