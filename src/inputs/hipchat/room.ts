import type { Element } from '@xmpp/xml';
import { hipchatNames } from './names.ts';
import { bare } from './user.ts';

/** A room as HipChat lists it. */
export interface HipchatRoom {
  /** Bare address. */
  readonly jid: string;
  /** As people call it; empty where it is not told. */
  readonly name: string;
  /** For the REST API; undefined where it is not told. */
  readonly id: string | undefined;
  readonly isArchived: boolean;
}

/** Reads an item of the list of rooms. Undefined for what is no room. */
export function readRoom(item: Element): HipchatRoom | undefined {
  const jid: unknown = item.attrs['jid'];
  if (typeof jid !== 'string' || !jid.includes('@')) return undefined;
  const more = item.getChild('x', hipchatNames.room);
  const text = (name: string): string => more?.getChildText(name)?.trim() ?? '';
  const id = text('id');
  return {
    jid: bare(jid),
    name: typeof item.attrs['name'] === 'string' ? item.attrs['name'].trim() : '',
    id: /^\d{1,19}$/.test(id) ? id : undefined,
    isArchived: more?.getChild('is_archived') !== undefined && !/^(?:0|false)$/.test(text('is_archived')),
  };
}
