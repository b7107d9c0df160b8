/** Who and what there is on a stand-in for HipChat. Everything may be changed while it runs. */
export interface World {
  readonly domain: string;
  readonly conference: string;
  readonly bot: FakeUser;
  readonly password: string;
  readonly token: string;
  readonly users: FakeUser[];
  readonly rooms: FakeRoom[];
  /** `jabber:iq:auth` takes digests. */
  readonly hasDigest: boolean;
  /** SASL mechanisms that are offered, whether or not they work. */
  readonly mechanisms: readonly string[];
  /** How often each kind of request was made, by its namespace. */
  readonly asked: Map<string, number>;
}

export interface FakeUser {
  readonly jid: string;
  /** The full name, and what they are called in rooms. */
  readonly name: string;
  readonly mention: string;
}

export interface FakeRoom {
  readonly jid: string;
  readonly name: string;
  readonly id: string;
  readonly isArchived?: boolean;
  /** Private ones are not listed. */
  readonly isPrivate?: boolean;
}

export const ns = {
  hipchat: 'http://hipchat.com',
  room: 'http://hipchat.com/protocol/muc#room',
  sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
  stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  mucUser: 'http://jabber.org/protocol/muc#user',
} as const;

export const asim: FakeUser = { jid: '1_2@chat.hipchat.test', name: 'Asim Aslam', mention: 'Asim' };
export const eve: FakeUser = { jid: '1_3@chat.hipchat.test', name: 'Eve', mention: 'Eve' };
export const lobby: FakeRoom = { jid: '1_lobby@conf.hipchat.test', name: 'Lobby', id: '4711' };

export const newWorld = (more: Partial<World> = {}): World => ({
  domain: 'chat.hipchat.test',
  conference: 'conf.hipchat.test',
  bot: { jid: '1_1@chat.hipchat.test', name: 'Micro Bot', mention: 'Micro' },
  password: 'canary-password-77',
  token: 'canary-token-77',
  users: [asim, eve],
  rooms: [
    lobby,
    { jid: '1_attic@conf.hipchat.test', name: 'Attic', id: '4712', isArchived: true },
    { jid: '1_vault@conf.hipchat.test', name: 'Vault', id: '4713', isPrivate: true },
  ],
  hasDigest: true,
  mechanisms: ['X-HIPCHAT-OAUTH2'],
  asked: new Map(),
  ...more,
});
