import { expect, it, onTestFinished } from 'vitest';
import { text } from '../../../src/document/document.ts';
import type { Input, Message, Place, ReplyKind } from '../../../src/inputs/input.ts';
import { xmppInput, type XmppOptions } from '../../../src/inputs/xmpp/xmpp.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';
import { eachServer } from '../../support/xmpp/each-server.ts';
import { type Person, person } from '../../support/xmpp/person.ts';
import type { User, XmppServer } from '../../support/xmpp/server.ts';

async function somebody(server: XmppServer, name: string): Promise<Person> {
  const who = await person(server, unique(name));
  onTestFinished(() => who.end());
  return who;
}

interface Listening {
  readonly user: User;
  readonly input: Input;
  readonly heard: readonly Message[];
}

async function listening(server: XmppServer, options: Partial<XmppOptions> = {}): Promise<Listening> {
  const user = await server.addUser(unique('bot'));
  const input = xmppInput({
    accounts: [{ jid: user.jid, password: user.password }],
    server: `${server.host}:${server.port}`,
    ca: server.ca,
    conference: server.conference,
    ...options,
  });
  const heard: Message[] = [];
  const leaving = new AbortController();
  const listen = async (): Promise<void> => {
    for await (const message of input.messages(leaving.signal)) heard.push(message);
  };
  const ended = listen();
  onTestFinished(async () => {
    leaving.abort();
    await ended;
    await input.close();
  });
  await until(() => input.outage === undefined);
  return { user, input, heard };
}

const room = (name: string, thread?: string): Place => ({
  kind: 'room',
  room: name,
  ...(thread === undefined ? {} : { thread }),
});

async function say(input: Input, place: Place, words: string, kind: ReplyKind = 'answer'): Promise<void> {
  const speech = input.reach?.(place);
  await speech?.say(text(words), kind);
  speech?.end();
}

const config = expect.objectContaining({ code: 'config' });

eachServer('places on XMPP', (server, kind) => {
  const at = (name: string): string => `${name}@${server().conference}`;

  /** A room with the bot and somebody in it. */
  async function inRoom(
    identities: 'anyone' | 'moderators' = 'anyone',
  ): Promise<Listening & { readonly name: string; readonly ada: Person }> {
    const name = unique('ops');
    await server().admin.createRoom(name, { identities });
    const it = await listening(server(), { rooms: [name] });
    const ada = await somebody(server(), 'ada');
    await ada.join(at(name), 'Ada');
    await ada.sees(({ from }) => from === `${at(name)}/micro`);
    return { ...it, name, ada };
  }

  it('a room by its address, its name and its id, in its thread, to nobody in particular', async () => {
    const { input, heard, name, ada } = await inRoom();
    await say(input, room(at(name)), 'one');
    await say(input, room(`#${name}`), 'two', 'error');
    await say(input, room(name), 'three', 'aside');
    await ada.sayInRoom(at(name), 'micro: hello', { thread: 'T1' });
    await until(() => heard.length > 0);
    const place = heard[0]?.room;
    await say(input, room(place?.id ?? '', place?.thread), 'four');
    const last = await ada.hears(({ body }) => body === 'four');
    expect(last.element.getChildText('thread')).toBe('T1');
    const ours = ada.messages.filter(({ from }) => from === `${at(name)}/micro`);
    expect(ours.map(({ body }) => body)).toEqual(['one', 'two', 'three', 'four']);
    expect(ours.map(({ element }) => element.attrs['type'])).toEqual(Array.from({ length: 4 }, () => 'groupchat'));
  });

  it('a room in one message that changes', async () => {
    const { input, name, ada } = await inRoom();
    const speech = input.reach?.(room(name));
    await speech?.say(text('step'), 'progress');
    await speech?.say(text('done'), 'answer');
    speech?.end();
    const last = await ada.hears(({ body }) => body.includes('done'));
    expect(last.body).toMatch(/^step[^]*done$/);
    expect(last.element.getChild('replace')).toBeDefined();
  });

  it('no room that the bot is not in, and no room by a name that says nothing', async () => {
    const { input } = await listening(server());
    const elsewhere = unique('elsewhere');
    await server().admin.createRoom(elsewhere);
    for (const name of [at(elsewhere), elsewhere, '', 'two words', '@', `${at(elsewhere)}/Ada`]) {
      expect(() => input.reach?.(room(name)), name).toThrow(config);
    }
    const nameless = await listening(server(), { conference: undefined });
    expect(() => nameless.input.reach?.(room('ops'))).toThrow(/in no room of that name/);
  });

  it('a room that the bot is on its way back into, once it is there', async () => {
    const { input, name, ada } = await inRoom();
    server().cut();
    await until(() => input.outage !== undefined);
    await say(input, room(name), 'back');
    await ada.back();
    await ada.join(at(name), 'Ada', { history: 5 });
    await ada.hears(({ body }) => body === 'back');
  });

  it('a person by their address, and by the id of their conversation', async () => {
    const { input, heard, user } = await listening(server());
    const ada = await somebody(server(), 'ada');
    await say(input, { kind: 'person', person: ada.user.jid }, 'one');
    await ada.hears(({ body }) => body === 'one');
    await ada.say(user.jid, 'hello');
    await until(() => heard.length > 0);
    expect(heard[0]?.room.id).toBe(ada.jid);
    await say(input, room(heard[0]?.room.id ?? ''), 'two');
    await say(input, { kind: 'person', person: heard[0]?.sender.id ?? '' }, 'three');
    await ada.hears(({ body }) => body === 'three');
    expect(ada.messages.map(({ body, from }) => [body, from.split('/')[0]])).toEqual([
      ['one', user.jid],
      ['two', user.jid],
      ['three', user.jid],
    ]);
  });

  it.each(['', 'ada', 'ada@', 'two words@x', '<a>@b'])('nobody who can not be a person: %j', async (who) => {
    const input = xmppInput({ accounts: [{ jid: 'micro@chat.test', password: 'x' }] });
    expect(() => input.reach?.({ kind: 'person', person: who })).toThrow(config);
    await input.close();
  });

  it('a person of a room alone, and nobody else who takes their nick', async () => {
    const { input, heard, name, ada } = await inRoom('anyone');
    const mallory = await somebody(server(), 'mallory');
    await ada.say(`${at(name)}/micro`, 'hello');
    await until(() => heard.length > 0);
    const place = room(heard[0]?.room.id ?? '');
    expect(place).toEqual(room(`${at(name)}/Ada`));
    await say(input, place, 'for Ada');
    await ada.hears(({ body, element }) => body === 'for Ada' && element.attrs['type'] === 'chat');
    await ada.rename(at(name), 'Ada2');
    await mallory.join(at(name), 'Ada');
    await mallory.sees(({ from }) => from === `${at(name)}/Ada`);
    const gone = expect.objectContaining({ code: 'refused', condition: 'item-not-found' });
    // The bot hears of a new nick as everybody does.
    await until(async () => {
      await mallory.sayInRoom(at(name), 'micro: hello');
      return heard.some(({ sender }) => sender.id === mallory.user.jid);
    });
    await expect(say(input, place, 'secret')).rejects.toEqual(gone);
    expect(() => input.reach?.(room(`${at(name)}/Ada2`))).toThrow(/nobody knows who/);
    expect(() => input.reach?.({ kind: 'person', person: at(name) })).toThrow(/is a room/);
  });

  it('a person of an anonymous room by the id that they have there, whatever they are called', async () => {
    const { input, heard, name, ada } = await inRoom('moderators');
    await until(async () => {
      await ada.sayInRoom(at(name), 'micro: hello');
      const last = heard.at(-1);
      return kind === 'prosody' ? last?.sender.isKnown === undefined && last !== undefined : last !== undefined;
    });
    const sender = heard.at(-1)?.sender;
    const place: Place = { kind: 'person', person: sender?.id ?? '' };
    if (kind === 'ejabberd') {
      expect(sender).toMatchObject({ id: `${at(name)}/anonymous`, isKnown: false });
      expect(() => input.reach?.(place)).toThrow(/nobody knows who/);
      return;
    }
    await ada.rename(at(name), 'Ada2');
    await ada.sees(({ from }) => from === `${at(name)}/Ada2`);
    // The bot hears of a new nick as everybody does.
    await until(async () => {
      await say(input, place, 'for Ada');
      return ada.messages.some(
        ({ body, from, element }) =>
          body === 'for Ada' && from === `${at(name)}/micro` && element.attrs['type'] === 'chat',
      );
    });
    await ada.leave(at(name), 'Ada2');
    await until(() =>
      say(input, place, 'for nobody').then(
        () => false,
        (error: unknown) => error instanceof Error && error.message.includes('is not there'),
      ),
    );
    const stranger: Place = { kind: 'person', person: `${at(unique('elsewhere'))}/id` };
    expect(() => input.reach?.(stranger)).toThrow(config);
  });
});
