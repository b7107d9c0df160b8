import type { Element } from '@xmpp/xml';
import { until } from '../until.ts';
import { type Heard, parseStanza } from './heard.ts';
import type { User, XmppServer } from './server.ts';
import { python, runSlixmpp } from './slixmpp.ts';

/** Somebody who talks with a program we did not write (slixmpp). Rooms and people are named by their whole addresses. */
export interface Person {
  readonly user: User;
  /** Full. */
  readonly jid: string;
  readonly isOnline: boolean;
  /** What came, in order; their own words in rooms too. */
  readonly messages: readonly Heard[];
  readonly presences: readonly Heard[];
  /** Waits for a message that came or comes. */
  hears(wanted: (message: Heard) => boolean, withinMs?: number): Promise<Heard>;
  sees(wanted: (presence: Heard) => boolean, withinMs?: number): Promise<Heard>;
  /** To a person, or to `room/nick`. Resolves with the message's id when it was written. */
  say(to: string, text: string, options?: Saying): Promise<string>;
  sayInRoom(room: string, text: string, options?: Saying): Promise<string>;
  retract(to: string, id: string, kind?: Kind): Promise<void>;
  react(to: string, id: string, reactions: readonly string[], kind?: Kind): Promise<void>;
  state(to: string, state: 'active' | 'composing' | 'paused' | 'inactive' | 'gone'): Promise<void>;
  /** Resolves with the nick they have there. Rejects with the condition of the refusal. */
  join(room: string, nick: string, options?: Joining): Promise<string>;
  rename(room: string, nick: string): Promise<void>;
  leave(room: string, nick: string): Promise<void>;
  subject(room: string, text: string): Promise<void>;
  /** Mediated by the room, or direct. */
  invite(room: string, jid: string, options?: Inviting): Promise<void>;
  presence(options: {
    readonly to?: string;
    readonly kind?: string;
    readonly show?: string;
    readonly status?: string;
  }): Promise<void>;
  /** Copies of what their other programs say and hear. */
  carbons(): Promise<void>;
  /** Sends a request with that XML inside and resolves with the answer. Rejects with the condition. */
  ask(to: string, kind: 'get' | 'set', payload: string): Promise<Element>;
  /** Bytes of the stream, as they are. */
  raw(xml: string): Promise<void>;
  /** Ends the connection without a word. */
  drop(): Promise<void>;
  /** Logs in again after the connection was lost. */
  back(): Promise<void>;
  /** Logs out and ends the program. */
  end(): Promise<void>;
}

export type Kind = 'chat' | 'groupchat' | 'normal' | 'headline';

export interface Saying {
  /** Default `chat`. */
  readonly kind?: Kind;
  /** The id of a message this one corrects. */
  readonly replace?: string;
  /** Asks for a receipt. */
  readonly receipt?: boolean;
  /** The id of a message this one answers, and whose it is. */
  readonly reply?: string;
  readonly replyTo?: string;
  readonly oob?: string;
  readonly thread?: string;
}

export interface Joining {
  readonly password?: string;
  /** Old messages to be told. Default 0. */
  readonly history?: number;
}

export interface Inviting {
  readonly direct?: boolean;
  readonly reason?: string;
  readonly password?: string;
}

/** Why nobody can be played, if so. */
export const missingPerson = (): string | undefined =>
  python() === undefined ? 'slixmpp is not installed (Debian package python3-slixmpp)' : undefined;

export interface PersonOptions {
  readonly resource?: string;
  /** Without TLS. */
  readonly cleartext?: boolean;
}

/** Makes the account of that name when only a name is given, and logs in by STARTTLS. */
export async function person(server: XmppServer, who: string | User, options: PersonOptions = {}): Promise<Person> {
  const user = typeof who === 'string' ? await server.addUser(who) : who;
  const { resource, cleartext = false } = options;
  const program = runSlixmpp({
    jid: resource === undefined ? user.jid : `${user.jid}/${resource}`,
    password: user.password,
    address: [server.host, server.port],
    ca_file: server.caFile,
    cleartext,
  });
  const { tell, stanzas } = program;
  const of = (name: string): readonly Heard[] => stanzas.filter(({ element }) => element.name === name);
  const find = async (name: string, wanted: (stanza: Heard) => boolean, withinMs?: number): Promise<Heard> => {
    try {
      return await until(() => of(name).find(wanted), withinMs);
    } catch (cause) {
      const last = of(name)
        .slice(-5)
        .map(({ element }) => element.toString());
      throw new Error(`${user.name} waited in vain for ${wanted.toString()}, and got last: ${last.join('\n')}`, {
        cause,
      });
    }
  };
  let jid = '';
  const connect = async (): Promise<void> => {
    program.isOnline = true;
    jid = String(await tell('connect', {}));
  };
  const back = async (): Promise<void> => {
    // A loss that is noticed after the new start would end that one.
    await until(() => !program.isOnline);
    await connect().catch((error: unknown) => {
      program.isOnline = false;
      throw error;
    });
  };
  try {
    await connect();
  } catch (error) {
    await program.end();
    throw error;
  }
  return {
    user,
    get jid() {
      return jid;
    },
    get isOnline() {
      return program.isOnline;
    },
    get messages() {
      return of('message');
    },
    get presences() {
      return of('presence');
    },
    hears: (wanted, withinMs) => find('message', wanted, withinMs),
    sees: (wanted, withinMs) => find('presence', wanted, withinMs),
    say: async (to, text, saying = {}) => String(await tell('say', { to, text, ...saying })),
    sayInRoom: async (to, text, saying = {}) => String(await tell('say', { to, text, kind: 'groupchat', ...saying })),
    retract: async (to, id, kind = 'chat') => void (await tell('retract', { to, id, kind })),
    react: async (to, id, reactions, kind = 'chat') => void (await tell('react', { to, id, reactions, kind })),
    state: async (to, state) => void (await tell('state', { to, state })),
    join: async (room, nick, joining = {}) => String(await tell('join', { room, nick, ...joining })),
    rename: async (room, nick) => void (await tell('rename', { room, nick })),
    leave: async (room, nick) => void (await tell('leave', { room, nick })),
    subject: async (room, text) => void (await tell('subject', { room, text })),
    invite: async (room, invited, inviting = {}) => void (await tell('invite', { room, jid: invited, ...inviting })),
    presence: async (given) => void (await tell('presence', given)),
    carbons: async () => void (await tell('carbons', {})),
    ask: async (to, kind, payload) => parseStanza(String(await tell('ask', { to, kind, payload }))),
    raw: async (xml) => void (await tell('raw', { xml })),
    async drop() {
      await tell('drop', {});
      await until(() => !program.isOnline);
    },
    back,
    async end() {
      if (program.isOnline) await tell('end', {}).catch(() => {});
      await program.end();
    },
  };
}
