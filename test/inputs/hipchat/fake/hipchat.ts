import { type AddressInfo, createServer } from 'node:net';
import { createElement as xml, type Element } from '@xmpp/xml';
import { features, readLogin } from './login.ts';
import { answer } from './requests.ts';
import { serveStream, type Stream } from './stream.ts';
import { type FakeUser, ns, type World } from './world.ts';

/** What came from the bot, and went to nobody else. */
export interface Heard {
  readonly to: string;
  readonly type: string;
  readonly body: string;
}

/**
 * A stand-in for a HipChat server: what such servers have beyond XMPP, which no server that can be had today knows. It takes one login at a
 * time, without TLS, and is no better as an XMPP server than it has to be.
 */
export interface FakeHipchat extends AsyncDisposable {
  readonly world: World;
  /** `127.0.0.1:port`. */
  readonly server: string;
  /** What the bot said, in rooms and to people. */
  readonly heard: readonly Heard[];
  /** Presences that join a room. */
  readonly joins: readonly Element[];
  /** Rooms that were left, with the status. */
  readonly farewells: readonly string[];
  /** How the bot logged in, each time. */
  readonly logins: readonly string[];
  /** Presences to everybody. */
  readonly presences: readonly Element[];
  /** Somebody says something in a room that the bot is in. */
  say(room: string, who: FakeUser, body: string): void;
  /** Somebody says something to the bot alone. */
  tell(who: FakeUser, body: string): void;
  invite(room: string, by: FakeUser): void;
  /** The server sends this as it is. */
  send(stanza: Element): void;
  cut(): void;
}

export async function startFakeHipchat(world: World): Promise<FakeHipchat> {
  const heard: Heard[] = [];
  const joins: Element[] = [];
  const farewells: string[] = [];
  const logins: string[] = [];
  const presences: Element[] = [];
  let bot: { readonly stream: Stream; readonly jid: string } | undefined;
  let count = 0;

  const deliver = (stanza: Element): void => {
    if (bot === undefined) throw new Error('the bot is not there');
    stanza.attrs['to'] = bot.jid;
    bot.stream.send(stanza);
  };
  const occupant = (room: string, who: FakeUser, ...codes: readonly string[]): Element => {
    const item = xml('item', { jid: `${who.jid}/x`, affiliation: 'member', role: 'participant' });
    const statuses = codes.map((code) => xml('status', { code }));
    return xml('presence', { from: `${room}/${who.name}` }, xml('x', { xmlns: ns.mucUser }, item, ...statuses));
  };

  const presence = (stanza: Element): void => {
    const to = String(stanza.attrs['to'] ?? '');
    const [room = '', nick = ''] = to.split('/');
    const isKnown = world.rooms.some(({ jid }) => jid === room);
    if (to === '') presences.push(stanza);
    else if (stanza.attrs['type'] === 'unavailable') farewells.push(`${room} ${stanza.getChildText('status') ?? ''}`);
    else if (!isKnown || nick !== world.bot.name) {
      const error = xml(
        'error',
        { type: 'cancel' },
        xml(isKnown ? 'not-acceptable' : 'item-not-found', { xmlns: ns.stanzas }),
      );
      deliver(xml('presence', { from: to, type: 'error', id: String(stanza.attrs['id'] ?? '') }, error));
    } else {
      joins.push(stanza);
      for (const user of world.users) deliver(occupant(room, user));
      deliver(occupant(room, world.bot, '110'));
    }
  };
  const message = (stanza: Element): void => {
    const [to = ''] = String(stanza.attrs['to']).split('/');
    const type = String(stanza.attrs['type']);
    const body = stanza.getChildText('body');
    if (body === null) return;
    heard.push({ to, type, body });
    // Rooms tell everybody, whoever said it.
    if (type === 'groupchat') say(to, world.bot, body);
  };
  const say = (room: string, who: FakeUser, body: string): void => {
    count += 1;
    deliver(
      xml('message', { from: `${room}/${who.name}`, type: 'groupchat', id: `said-${count}` }, xml('body', {}, body)),
    );
  };

  const server = createServer((socket) =>
    serveStream(socket, world.domain, {
      opened: (stream) => stream.send(features(world)),
      element(stream, element) {
        if (bot?.stream !== stream) {
          const login = readLogin(world, stream.id, element);
          stream.send(login.answer);
          if (login.jid === undefined) return;
          logins.push(login.by);
          bot = { stream, jid: login.jid };
        } else if (element.is('iq')) {
          const reply = answer(world, element);
          if (reply !== undefined) deliver(reply);
        } else if (element.is('presence')) presence(element);
        else if (element.is('message')) message(element);
      },
      closed(stream) {
        if (bot?.stream === stream) bot = undefined;
      },
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    world,
    server: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    joins,
    farewells,
    logins,
    presences,
    say,
    tell(who, body) {
      count += 1;
      deliver(
        xml('message', { from: `${who.jid}/web||proxy`, type: 'chat', id: `told-${count}` }, xml('body', {}, body)),
      );
    },
    invite(room, by) {
      const invite = xml('x', { xmlns: ns.mucUser }, xml('invite', { from: by.jid }, xml('reason', {}, 'come')));
      const more = xml('x', { xmlns: ns.room }, xml('name', {}, 'A room'), xml('privacy', {}, 'private'));
      deliver(xml('message', { from: room }, invite, more));
    },
    send: deliver,
    cut: () => bot?.stream.cut(),
    async [Symbol.asyncDispose]() {
      bot?.stream.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
