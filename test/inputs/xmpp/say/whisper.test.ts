import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { createBounces } from '../../../../src/inputs/xmpp/say/bounces.ts';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import { type Person, person } from '../../../support/xmpp/person.ts';
import { stanza } from '../read/stanza.ts';
import { memoryLog } from '../rooms/memory-log.ts';
import { scene } from './scene.ts';

eachServer('what is for one person of a room', (server, kind) => {
  let alice: Person;
  beforeAll(async () => {
    alice = await person(server(), unique('alice'));
  });
  afterAll(() => alice.end());

  // Rooms of Prosody let everything through.
  const whereRoomsMayBeSo = kind === 'ejabberd' ? test : (): void => {};
  whereRoomsMayBeSo('is said in the room when that lets nothing else through', async () => {
    const bot = await scene(server());
    await server().admin.affiliate(bot.room.split('@')[0] ?? '', alice.user.jid, 'owner');
    await alice.join(bot.room, 'alice');
    const form = `<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var='allow_private_messages'><value>0</value></field></x></query>`;
    await alice.ask(bot.room, 'set', form);
    await alice.sayInRoom(bot.room, 'micro: help');
    await bot.answer(await bot.hears('help'), text('some help'), 'aside');
    await alice.hears(({ body, type }) => type === 'groupchat' && body === 'alice: some help');
    expect(alice.messages.filter(({ body }) => body.includes('some help'))).toHaveLength(1);
  });

  test('is for nobody once they left', async () => {
    const bot = await scene(server());
    const dave = await person(server(), unique('dave'));
    await dave.join(bot.room, 'dave');
    await dave.sayInRoom(bot.room, 'micro: help');
    const talk = bot.speech.talk(await bot.hears('help'));
    await dave.leave(bot.room, 'dave');
    await until(() => bot.rooms.find(bot.room)?.occupant('dave') === undefined);
    await expect(talk.say(text('some help'), 'aside')).rejects.toMatchObject({ code: 'refused' });
    await dave.end();
  });

  test('is said in the room where whispers are off', async () => {
    const bot = await scene(server(), { settings: { whispers: false } });
    await alice.join(bot.room, 'alice');
    await alice.sayInRoom(bot.room, 'micro: help');
    await bot.answer(await bot.hears('help'), text('help for all'), 'aside');
    await alice.hears(({ body, type }) => type === 'groupchat' && body === 'alice: help for all');
  });
});

describe('what comes back', () => {
  const target = { to: 'ops@rooms.chat.test/alice', kind: 'private', thread: undefined } as const;
  const error = (id: string, from: string, type = 'error'): ReturnType<typeof stanza> =>
    stanza(
      `<message type='${type}' id='${id}' from='${from}'><body>x</body><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text></error></message>`,
    );

  test('is told once to who said it, or in the log', () => {
    const log = memoryLog();
    const bounces = createBounces(log);
    const told: string[] = [];
    bounces.expect('1', target, (condition) => told.push(condition));
    bounces.expect('2', target);
    expect(bounces.take(error('1', target.to))).toBe(true);
    expect(bounces.take(error('1', target.to))).toBe(false);
    expect(bounces.take(error('2', 'OPS@rooms.chat.test'))).toBe(true);
    expect(told).toEqual(['not-allowed']);
    expect(log.told('an answer was not taken where it went', ['warn'])[0]?.fields).toMatchObject({
      condition: 'not-allowed',
    });
  });

  test('counts only as an error, from where it went', () => {
    const bounces = createBounces(memoryLog());
    bounces.expect('1', target);
    expect(bounces.take(error('1', 'mallory@chat.test/x'))).toBe(false);
    expect(bounces.take(error('1', target.to, 'chat'))).toBe(false);
    expect(bounces.take(error('2', target.to))).toBe(false);
    expect(bounces.take(error('1', target.to))).toBe(true);
  });

  test('is known for the last ones only', () => {
    const bounces = createBounces(memoryLog());
    for (let id = 0; id < 600; id += 1) bounces.expect(String(id), target);
    expect(bounces.take(error('0', target.to))).toBe(false);
    expect(bounces.take(error('599', target.to))).toBe(true);
  });
});
