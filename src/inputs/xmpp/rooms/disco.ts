import type { Element } from '@xmpp/xml';
import type { Session } from '../account.ts';
import { attribute } from './attribute.ts';
import { namespaces } from './namespaces.ts';
import type { AskOptions } from './self-ping.ts';
import { askingInfo, askingItems } from './stanzas.ts';

/** What a room says about itself. */
export interface Features {
  /** It is a room. Who only has an account can't say so, since the server answers for the address. */
  readonly isRoom: boolean;
  /** Everybody sees everybody's address. */
  readonly showsAddresses: boolean;
  /** Everything comes with an id that stands for its person (XEP-0421). */
  readonly hasOccupantIds: boolean;
}

/** Rejects with an `XmppError`. */
export async function askFeatures(session: Session, room: string, options: AskOptions): Promise<Features> {
  const answer = await session.ask(askingInfo(room), options);
  const query = answer.getChild('query', namespaces.discoInfo);
  const names = new Set(query?.getChildren('feature').map((feature) => attribute(feature, 'var')));
  return {
    isRoom: query?.getChildren('identity').some((one) => attribute(one, 'category') === 'conference') ?? false,
    showsAddresses: names.has('muc_nonanonymous'),
    hasOccupantIds: names.has(namespaces.occupantId),
  };
}

const pageSize = 200;
const mostPages = 20;

/** Every room that a service lists, page by page where it has pages. Rejects with an `XmppError`. */
export async function listRooms(
  session: Session,
  conference: string,
  options: AskOptions,
): Promise<readonly Element[]> {
  const all: Element[] = [];
  let after: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await session.ask(askingItems(conference, after, pageSize), options);
    const query = answer.getChild('query', namespaces.discoItems);
    const items = query?.getChildren('item') ?? [];
    all.push(...items);
    const set = query?.getChild('set', namespaces.resultSet);
    const last = set?.getChildText('last') ?? '';
    if (items.length === 0 || last === '' || last === after) break;
    after = last;
  }
  return all;
}
