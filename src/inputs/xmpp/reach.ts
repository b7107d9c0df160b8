import { InputError, type InputOutage, type Place, type Speech } from '../input.ts';
import { XmppError } from './account.ts';
import type { Heard } from './heard.ts';
import { domainOf, localOf, resourceOf } from './read/address.ts';
import { personIn } from './read/identity.ts';
import { bareOf, isRoomAddress } from './rooms/address.ts';
import type { Rooms } from './rooms.ts';
import type { Said } from './said.ts';
import type { Talk } from './say/speech.ts';

/** What it takes of an account. */
export interface Reaching {
  readonly jid: string;
  readonly outage: InputOutage | undefined;
  readonly rooms: Pick<Rooms, 'find' | 'wanted'>;
  talk(said: Said): Talk;
}

export interface ReachOptions {
  readonly lines: readonly Reaching[];
  readonly conference: string | undefined;
  readonly roomAddress: ((name: string) => string) | undefined;
  readonly heard: Heard;
}

/** Where something is said, found out when there is something to say. Throws an `XmppError` where nobody is there. */
type Find = () => Pick<Said, 'to' | 'kind' | 'thread'>;

interface Target {
  readonly line: Reaching;
  readonly find: Find;
}

/** Says something that nobody asked for. Throws an `InputError` (`config`) for a place that can't be named, and for a room that we are not in. */
export function reachPlace(place: Place, options: ReachOptions): Speech {
  const { line, find } = place.kind === 'room' ? roomOf(place, options) : personOf(place.person, options);
  let talk: Talk | undefined;
  return {
    async say(document, kind) {
      talk ??= line.talk({ ...nobody, ...find() });
      await talk.say(document, kind);
    },
    end() {
      talk?.end();
    },
  };
}

/** What is said where nobody asked. */
const nobody: Omit<Said, 'to' | 'kind' | 'thread'> = {
  keys: ['unasked'],
  sender: '',
  isKnown: false,
  nick: '',
  text: '',
  addressed: false,
  id: undefined,
  wantsReceipt: false,
  hasChatStates: false,
};

/** `room@domain`, `room` or `#room`; or the address of a conversation of two, as messages have it for their room. */
function roomOf({ room, thread }: Extract<Place, { kind: 'room' }>, options: ReachOptions): Target {
  const { lines, conference, heard } = options;
  const address = room.includes('@') ? room.replace(/^#/, '') : addressOf(room.replace(/^#/, ''), options);
  const bare = bareOf(address);
  if (!isRoomAddress(bare)) throw new InputError('config', `not the address of a room: ${room}`);
  const line = lineIn(bare, lines);
  const nick = resourceOf(address);
  if (line !== undefined && nick === '') return { line, find: () => ({ to: bare, kind: 'groupchat', thread }) };
  if (line !== undefined) {
    const who = heard.as(address);
    // Anybody can have a nick once it is free.
    if (who === undefined) throw new InputError('config', `nobody knows who ${address} is: name the person instead`);
    return { line, find: () => alone(line, bare, nick, who) };
  }
  const domain = domainOf(bare);
  const isOfRooms =
    domain === conference || lines.some(({ rooms }) => rooms.wanted.some((each) => domainOf(each) === domain));
  // While the server is away it is not known yet which of its rooms we are in.
  const early = domain === conference ? lines.find(({ outage }) => outage !== undefined) : undefined;
  if (early !== undefined && nick === '') return { line: early, find: () => ({ to: bare, kind: 'groupchat', thread }) };
  const isPerson = !isOfRooms && (nick !== '' || lines.some(({ jid }) => domainOf(jid) === domain));
  if (!isPerson) throw new InputError('config', `the bot is not in the room ${bare}`);
  return { line: lineTo(bare, options), find: () => ({ to: address, kind: 'chat', thread }) };
}

/** A bare address, or `room/occupant-id`. */
function personOf(person: string, options: ReachOptions): Target {
  const bare = bareOf(person);
  const id = resourceOf(person);
  if (!isRoomAddress(bare)) throw new InputError('config', `not the address of a person: ${person}`);
  const line = lineIn(bare, options.lines);
  if (id === '') {
    if (line !== undefined) throw new InputError('config', `${person} is a room, not a person`);
    return { line: lineTo(bare, options), find: () => ({ to: bare, kind: 'chat', thread: undefined }) };
  }
  if (line === undefined) throw new InputError('config', `the bot is not in the room ${bare}, where that person was`);
  if (id === 'anonymous') throw new InputError('config', `nobody knows who it is in the room ${bare}`);
  return {
    line,
    find() {
      const nick = line.rooms.find(bare)?.nickOf(id);
      if (nick === undefined) throw gone(person);
      return { to: `${bare}/${nick}`, kind: 'private', thread: undefined };
    },
  };
}

function alone(line: Reaching, room: string, nick: string, who: string): ReturnType<Find> {
  const there = line.rooms.find(room);
  const now = there === undefined ? undefined : personIn(there, nick);
  if (now?.isKnown !== true || now.sender !== who) throw gone(`${room}/${nick}`);
  return { to: `${room}/${nick}`, kind: 'private', thread: undefined };
}

const gone = (who: string): XmppError => new XmppError('refused', 'item-not-found', `${who} is not there`);

/** What people call a room by: of the rooms we are in the one of that name, or one of the conference service. */
function addressOf(name: string, { lines, conference, roomAddress }: ReachOptions): string {
  if (roomAddress !== undefined) return roomAddress(name);
  const called = bareOf(name);
  const known = new Set(lines.flatMap(({ rooms }) => rooms.wanted.filter((jid) => localOf(jid) === called)));
  const [only, ...others] = known;
  if (only !== undefined && others.length === 0) return only;
  if (conference !== undefined) return `${name}@${conference}`;
  const which = others.length === 0 ? 'the bot is in no room of that name' : 'there are several rooms of that name';
  throw new InputError('config', `${which}: ${name}; rooms are written room@conference.domain`);
}

/** An account that is in the room, or else one on its way into it. */
const lineIn = (room: string, lines: readonly Reaching[]): Reaching | undefined =>
  lines.find(({ rooms }) => rooms.find(room) !== undefined) ?? lines.find(({ rooms }) => rooms.wanted.includes(room));

/** The account that a person spoke to, or else one of their own server. */
function lineTo(person: string, { lines, heard }: ReachOptions): Reaching {
  const account = heard.by(person);
  const line =
    lines.find(({ jid }) => jid === account) ?? lines.find(({ jid }) => domainOf(jid) === domainOf(person)) ?? lines[0];
  if (line === undefined) throw new InputError('config', 'there is no account that could say it');
  return line;
}
