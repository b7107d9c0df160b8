import { type Element, escapeXML } from '@xmpp/xml';
import { until } from '../until.ts';
import { type Login, openStream, type Stream } from './stream.ts';

/** What an administrator of the server does, by XMPP itself. Rooms are named without their domain. Each rejects with what the server says. */
export interface Admin {
  /** Makes a room that stays when everybody left, and leaves it. */
  createRoom(room: string, options?: RoomOptions): Promise<void>;
  /** Changes a room. */
  configure(room: string, options: RoomOptions): Promise<void>;
  /** Ends it for all; `alternative` is an address of another room. */
  destroy(room: string, alternative?: string, reason?: string): Promise<void>;
  /** Takes the one of that nick out of the room. */
  kick(room: string, nick: string, reason?: string): Promise<void>;
  ban(room: string, jid: string, reason?: string): Promise<void>;
  /** `none` ends an affiliation, a ban too. */
  affiliate(room: string, jid: string, affiliation: Affiliation): Promise<void>;
  role(room: string, nick: string, role: 'none' | 'visitor' | 'participant' | 'moderator'): Promise<void>;
  occupants(room: string): Promise<readonly RoomOccupant[]>;
  /** Forgets the login: the server went away. */
  forget(): void;
}

export type Affiliation = 'none' | 'outcast' | 'member' | 'admin' | 'owner';

export interface RoomOccupant {
  readonly nick: string;
  /** Full. */
  readonly jid: string;
  readonly role: string;
  readonly affiliation: string;
}

export interface RoomOptions {
  /** Who sees real addresses. Default `moderators` (semi-anonymous). */
  readonly identities?: 'anyone' | 'moderators';
  readonly membersOnly?: boolean;
  /** Empty for none. */
  readonly password?: string;
  readonly moderated?: boolean;
  /** Whether occupants may write to each other through the room. ejabberd alone can forbid it. Default true. */
  readonly privateMessages?: boolean;
  readonly maxUsers?: number;
  /** Whether others find it. */
  readonly isPublic?: boolean;
  readonly name?: string;
}

const ownNick = 'the-admin';
const muc = 'http://jabber.org/protocol/muc';

/** `login` is asked for when something is first to be done. */
export function createAdmin(login: () => Promise<Login>, conference: string): Admin {
  let opened: Promise<Stream> | undefined;
  const stream = async (): Promise<Stream> => {
    const known = await opened;
    if (known?.isOpen === true) return known;
    opened = login().then(openStream);
    return opened;
  };
  const ask = async (room: string, type: 'get' | 'set', query: string): Promise<Element> => {
    const answer = await (await stream()).ask(
      `<iq type='${type}' id='{id}' to='${escapeXML(`${room}@${conference}`)}'>${query}</iq>`,
    );
    if (answer.attrs['type'] !== 'result') throw new Error(answer.toString());
    return answer;
  };
  /** Some things can be done in the room only. */
  const inside = async <T>(room: string, work: () => Promise<T>): Promise<T> => {
    const own = `${room}@${conference}/${ownNick}`;
    const open = await stream();
    const { stanzas } = open;
    const from = stanzas.length;
    open.write(`<presence to='${escapeXML(own)}'><x xmlns='${muc}'><history maxstanzas='0'/></x></presence>`);
    const here = await until(() =>
      stanzas.slice(from).find(({ name, attrs }) => name === 'presence' && attrs['from'] === own),
    );
    if (here.attrs['type'] === 'error') throw new Error(here.toString());
    try {
      return await work();
    } finally {
      const before = stanzas.length;
      open.write(`<presence to='${escapeXML(own)}' type='unavailable'/>`);
      await until(() =>
        stanzas.slice(before).some(({ attrs }) => attrs['from'] === own && attrs['type'] === 'unavailable'),
      );
    }
  };
  const item = (attributes: Readonly<Record<string, string>>, reason = ''): string => {
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}='${escapeXML(value)}'`);
    return `<query xmlns='${muc}#admin'><item${written.join('')}><reason>${escapeXML(reason)}</reason></item></query>`;
  };
  const role = async (room: string, nick: string, name: string, reason?: string): Promise<void> => {
    await inside(room, () => ask(room, 'set', item({ nick, role: name }, reason)));
  };
  const affiliate = async (room: string, jid: string, name: Affiliation, reason?: string): Promise<void> => {
    await ask(room, 'set', item({ jid, affiliation: name }, reason));
  };
  const configure = async (room: string, options: RoomOptions): Promise<void> => {
    await ask(room, 'set', `<query xmlns='${muc}#owner'>${form(options)}</query>`);
  };
  const occupants = async (room: string): Promise<readonly RoomOccupant[]> => {
    const roles = ['moderator', 'participant', 'visitor'];
    const lists = await Promise.all(roles.map((name) => ask(room, 'get', item({ role: name }))));
    return lists
      .flatMap((list) => list.getChild('query')?.getChildren('item') ?? [])
      .map(({ attrs }) => ({
        nick: String(attrs['nick']),
        jid: String(attrs['jid']),
        role: String(attrs['role']),
        affiliation: String(attrs['affiliation']),
      }));
  };
  return {
    createRoom: (room, options = {}) => inside(room, () => configure(room, options)),
    configure,
    async destroy(room, alternative, reason = '') {
      const other = alternative === undefined ? '' : ` jid='${escapeXML(alternative)}'`;
      const why = `<reason>${escapeXML(reason)}</reason>`;
      await ask(room, 'set', `<query xmlns='${muc}#owner'><destroy${other}>${why}</destroy></query>`);
    },
    kick: (room, nick, reason) => role(room, nick, 'none', reason),
    ban: (room, jid, reason) => affiliate(room, jid, 'outcast', reason),
    affiliate,
    role,
    async occupants(room) {
      try {
        return await occupants(room);
      } catch (error) {
        // Ejabberd tells only those who are in the room.
        if (!String(error).includes('<forbidden')) throw error;
        const found = await inside(room, () => occupants(room));
        return found.filter(({ nick }) => nick !== ownNick);
      }
    },
    forget() {
      void opened?.then((open) => open.end()).catch(() => {});
      opened = undefined;
    },
  };
}

function form(options: RoomOptions): string {
  const flag = (value = false): string => (value ? '1' : '0');
  const fields: readonly (readonly [string, string])[] = [
    ['FORM_TYPE', `${muc}#roomconfig`],
    ['muc#roomconfig_persistentroom', '1'],
    ['muc#roomconfig_publicroom', flag(options.isPublic ?? true)],
    ['muc#roomconfig_whois', options.identities ?? 'moderators'],
    ['muc#roomconfig_membersonly', flag(options.membersOnly)],
    ['muc#roomconfig_moderatedroom', flag(options.moderated)],
    ...(options.privateMessages === false ? [['allow_private_messages', '0'] as const] : []),
    ['muc#roomconfig_passwordprotectedroom', flag((options.password ?? '') !== '')],
    ['muc#roomconfig_roomsecret', options.password ?? ''],
    ...(options.maxUsers === undefined ? [] : [['muc#roomconfig_maxusers', String(options.maxUsers)] as const]),
    ...(options.name === undefined ? [] : [['muc#roomconfig_roomname', options.name] as const]),
  ];
  const written = fields.map(([name, value]) => `<field var='${name}'><value>${escapeXML(value)}</value></field>`);
  return `<x xmlns='jabber:x:data' type='submit'>${written.join('')}</x>`;
}
