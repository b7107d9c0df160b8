import { afterAll, beforeAll, expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import { type Person, person } from '../../../support/xmpp/person.ts';
import { scene } from './scene.ts';

const child = ({ element }: Person['messages'][number], name: string, namespace: string): boolean =>
  element.getChild(name, namespace) !== undefined;
const styling = 'urn:xmpp:styling:0';

eachServer('answers', (server) => {
  let alice: Person;
  beforeAll(async () => {
    alice = await person(server(), unique('alice'));
  });
  afterAll(() => alice.end());

  test('a person gets theirs alone, in the conversation they began, and a receipt', async () => {
    const bot = await scene(server(), { inRoom: false });
    const id = await alice.say(bot.jid, 'list services', { receipt: true, thread: 't1' });
    const said = await bot.hears('list services');
    expect(said).toMatchObject({ kind: 'chat', sender: alice.user.jid, isKnown: true, thread: 't1' });
    await bot.answer(said, text('greeter & <orders>\n*all*'));
    const answer = await alice.hears(({ body }) => body === 'greeter & <orders>\n*all*');
    expect(answer.element.getChildText('thread')).toBe('t1');
    expect(child(answer, 'unstyled', styling)).toBe(true);
    await alice.hears(({ element }) => element.getChild('received', 'urn:xmpp:receipts')?.attrs['id'] === id);
  });

  test('in a room it begins with the nick of who asked; help and errors are theirs alone', async () => {
    const bot = await scene(server());
    const bob = await person(server(), unique('bob'));
    await alice.join(bot.room, 'alice');
    await bob.join(bot.room, 'bob');
    await alice.sayInRoom(bot.room, 'micro: list services');
    const said = await bot.hears('list services');
    expect(said).toMatchObject({ kind: 'groupchat', sender: alice.user.jid, addressed: true, nick: 'alice' });
    await bot.answer(said, { kind: 'code', text: 'a\nb' });
    await bob.hears(({ body, type }) => type === 'groupchat' && body === 'alice: \n```\na\nb\n```');
    await bot.answer(said, text('some help'), 'aside');
    await bot.answer(said, text('no such thing'), 'error');
    await alice.hears(({ body, type, nick }) => type === 'chat' && nick === 'micro' && body === 'some help');
    await alice.hears(({ body, type }) => type === 'chat' && body === 'no such thing');
    await bot.answer(said, text('the end'));
    await bob.hears(({ body }) => body === 'alice: the end');
    expect(bob.messages.some(({ body }) => body.includes('help') || body.includes('such thing'))).toBe(false);
    await bob.end();
  });

  test('what a person says through the room is answered there, to them as they are known there', async () => {
    const bot = await scene(server());
    await alice.join(bot.room, 'alice');
    await alice.say(`${bot.room}/micro`, 'whoami');
    const said = await bot.hears('whoami');
    expect(said).toMatchObject({ kind: 'private', sender: alice.user.jid, to: `${bot.room}/alice`, addressed: true });
    await bot.answer(said, text('you'));
    await alice.hears(({ body, from, type }) => type === 'chat' && body === 'you' && from === `${bot.room}/micro`);
  });

  test('who takes a nick does not get the answers of who had it', async () => {
    const bot = await scene(server());
    const mallory = await person(server(), unique('mallory'));
    await alice.join(bot.room, 'carol');
    await alice.say(`${bot.room}/micro`, 'secrets');
    const said = await bot.hears('secrets');
    const talk = bot.speech.talk(said);
    await alice.leave(bot.room, 'carol');
    await until(() => bot.rooms.find(bot.room)?.occupant('carol') === undefined);
    await mallory.join(bot.room, 'carol');
    await until(() => bot.rooms.find(bot.room)?.occupant('carol') !== undefined);
    await expect(talk.say(text('the secret'), 'answer')).rejects.toMatchObject({ code: 'refused' });
    await bot.answer({ ...said, kind: 'groupchat', to: bot.room }, text('to all'));
    await mallory.hears(({ body }) => body === 'carol: to all');
    expect(mallory.messages.some(({ body }) => body.includes('secret'))).toBe(false);
    await mallory.end();
  });

  test('a long answer is a few messages, in order', async () => {
    const bot = await scene(server(), { inRoom: false, settings: { maxCharacters: 400 } });
    await alice.say(bot.jid, 'long one');
    const items = Array.from({ length: 60 }, (_, index) => `item ${index}`);
    await bot.answer(await bot.hears('long one'), { kind: 'list', items });
    await alice.hears(({ body }) => body.endsWith('item 59'));
    const from = alice.messages.filter((message) => message.from.startsWith(bot.jid)).map(({ body }) => body);
    expect(from.join('\n').split('\n')).toEqual(items);
    expect(from.length).toBeGreaterThan(1);
  });

  test('answers that are said at once come in order', async () => {
    const bot = await scene(server());
    await alice.join(bot.room, 'alice');
    await alice.sayInRoom(bot.room, 'micro: many');
    const said = await bot.hears('many');
    const wanted = Array.from({ length: 30 }, (_, index) => `answer ${index}`);
    await Promise.all(wanted.map((each) => bot.answer(said, text(each))));
    await alice.hears(({ body }) => body === 'alice: answer 29');
    const all = alice.messages.filter(({ body }) => body.startsWith('alice: answer')).map(({ body }) => body);
    expect(all).toEqual(wanted.map((each) => `alice: ${each}`));
  });

  test('an endless answer ends with a sentence', async () => {
    const bot = await scene(server(), { inRoom: false, settings: { maxCharacters: 100, upload: false } });
    await alice.say(bot.jid, 'endless one');
    await bot.answer(await bot.hears('endless one'), text('0123456789 '.repeat(1_000)));
    await alice.hears(({ body, from }) => from.startsWith(bot.jid) && body === '(The rest is too long for messages.)');
    expect(alice.messages.filter(({ from, body }) => from.startsWith(bot.jid) && body !== '')).toHaveLength(21);
  });

  test('a table larger than a stanza may be goes through, whatever is in it', async () => {
    const bot = await scene(server(), { inRoom: false });
    await alice.say(bot.jid, 'big one');
    const cell = '<&>'.repeat(1_000);
    await bot.answer(await bot.hears('big one'), {
      kind: 'table',
      columns: [{ title: cell }],
      rows: [[cell], ['last']],
    });
    await alice.hears(({ body, from }) => from.startsWith(bot.jid) && body.endsWith('last\n```'));
    expect(bot.log.told('', ['warn', 'error'])).toEqual([]);
  });

  test('whoever encrypts is told once that nobody can read it', async () => {
    const bot = await scene(server(), { inRoom: false });
    const sealed = `<message to='${bot.jid}' type='chat' id='e1'><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>AA==</payload></encrypted><body>sealed</body></message>`;
    await alice.raw(sealed);
    await alice.raw(sealed);
    await alice.say(bot.jid, 'in the clear');
    await bot.answer(await bot.hears('in the clear'), text('understood'));
    await alice.hears(({ body, from }) => from.startsWith(bot.jid) && body === 'understood');
    const told = alice.messages.filter(({ body, from }) => from.startsWith(bot.jid) && body.includes('encrypted'));
    expect(told).toHaveLength(1);
    expect(bot.heard.map((said) => said.text)).toEqual(['in the clear']);
  });
});
