import { afterAll, beforeAll, expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import { type Person, person } from '../../../support/xmpp/person.ts';
import { scene } from './scene.ts';

eachServer('a connection that is cut', (server) => {
  let alice: Person;
  beforeAll(async () => {
    alice = await person(server(), unique('alice'));
  });
  afterAll(() => alice.end());

  test('answers wait for it, and come once; what was asked meanwhile is heard', async () => {
    const bot = await scene(server());
    await alice.join(bot.room, 'alice');
    await alice.sayInRoom(bot.room, 'micro: list services');
    const said = await bot.hears('list services');
    bot.gate.shut();
    await until(() => bot.session() === undefined);
    const answered = bot.answer(said, text('all of them'));
    const direct = bot.answer({ ...said, kind: 'chat', to: alice.user.jid }, text('for you'));
    bot.gate.restore();
    await answered;
    await direct;
    await alice.hears(({ body }) => body === 'for you');
    await alice.sayInRoom(bot.room, 'micro: and now');
    await bot.answer(await bot.hears('and now'), text('the end'));
    await alice.hears(({ body }) => body === 'alice: the end');
    expect(alice.messages.filter(({ body }) => body === 'for you')).toHaveLength(1);
    expect(bot.heard.filter((one) => one.text === 'list services')).toHaveLength(1);
  });

  test('what the server held back for us during a cut is heard; what it kept while we were away is not', async () => {
    const bot = await scene(server(), { inRoom: false });
    await alice.say(bot.jid, 'before');
    await bot.hears('before');
    bot.gate.shut();
    await until(() => bot.session() === undefined);
    await alice.say(bot.jid, 'during');
    // It has passed through the server when the answer to what came behind it is here.
    await alice.ask(server().domain, 'get', `<ping xmlns='urn:xmpp:ping'/>`);
    bot.gate.restore();
    await bot.hears('during');
    const held = bot.messages.find((stanza) => stanza.getChildText('body') === 'during');
    expect(held?.getChild('delay', 'urn:xmpp:delay')).toBeDefined();
    await alice.raw(
      `<message to='${bot.jid}' type='chat' id='x'><body>long ago</body><delay xmlns='urn:xmpp:delay' from='${server().domain}' stamp='2020-01-01T00:00:00Z'/></message>`,
    );
    await alice.say(bot.jid, 'after');
    await bot.hears('after');
    expect(bot.heard.map((said) => said.text)).toEqual(['before', 'during', 'after']);
  });

  test('an answer for a room that we are not in any more is given up, with a reason', async () => {
    const bot = await scene(server(), { settings: { patienceMs: 50 } });
    await alice.join(bot.room, 'alice');
    await alice.sayInRoom(bot.room, 'micro: list services');
    const said = await bot.hears('list services');
    bot.rooms.leave(bot.room);
    await expect(bot.answer(said, text('x'))).rejects.toThrow(`the bot is not in the room ${bot.room}`);
  });

  test('when the bot leaves, what waits is given up at once', async () => {
    const bot = await scene(server());
    await alice.join(bot.room, 'alice');
    await alice.sayInRoom(bot.room, 'micro: list services');
    const said = await bot.hears('list services');
    bot.rooms.leave(bot.room);
    const waiting = bot.answer(said, text('x'));
    waiting.catch(() => {});
    await bot.speech.close(AbortSignal.abort());
    await expect(waiting).rejects.toThrow('the bot is leaving XMPP');
    await expect(bot.speech.talk(said).say(text('y'), 'answer')).rejects.toThrow('the bot is leaving XMPP');
  });
});
