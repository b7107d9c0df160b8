import { expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { unique } from '../../../support/name.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import { person } from '../../../support/xmpp/person.ts';
import { forgeries } from '../read/forgeries.ts';
import { scene } from './scene.ts';

const now = (): string => new Date().toISOString();

/** Everything that can be sent in one's own name: without `from`, to somebody. */
const sent = (xml: string, to: string): string =>
  xml
    .replaceAll('NOW', now())
    .replace(/^<[^>]*>/, (tag) => tag.replace(/ (?:from|to)='[^']*'/g, '').replace('>', ` to='${to}'>`));

eachServer('forgeries over a real server', (server) => {
  test('none of them is heard, and what is said after them is', async () => {
    const bot = await scene(server(), { inRoom: false });
    const mallory = await person(server(), unique('mallory'));
    // In their own name these are honest.
    const honest = ['our own account from another resource', 'a server', 'nobody at all', 'said while we were away'];
    for (const [name, xml] of Object.entries(forgeries)) {
      if (!honest.includes(name) && !xml.includes("type='groupchat'")) await mallory.raw(sent(xml, bot.jid));
    }
    await mallory.say(bot.jid, 'honest words');
    const said = await bot.hears('honest words');
    expect(said).toMatchObject({ sender: mallory.user.jid });
    expect(bot.heard).toHaveLength(1);
    expect(bot.messages.length).toBeGreaterThan(10);
    await mallory.end();
  });

  test('nobody speaks for another: the server says who it was', async () => {
    const bot = await scene(server(), { inRoom: false });
    const alice = await person(server(), unique('alice'));
    const mallory = await person(server(), unique('mallory'));
    await mallory.raw(
      `<message from='${alice.jid}' to='${bot.jid}' type='chat' id='1'><body>as alice</body></message>`,
    );
    await alice.say(bot.jid, 'as herself');
    await bot.hears('as herself');
    const hers = bot.heard.filter(({ sender }) => sender === alice.user.jid);
    expect(hers.map((said) => said.text)).toEqual(['as herself']);
    await alice.end();
    await mallory.end();
  });

  test('somebody who looks like an administrator in a room is who they are', async () => {
    const bot = await scene(server());
    const admin = await person(server(), unique('boss'));
    const mallory = await person(server(), unique('mallory'));
    await admin.join(bot.room, 'boss');
    await mallory.join(bot.room, 'boss\u200b').catch(() => mallory.join(bot.room, 'bоss'));
    await mallory.sayInRoom(bot.room, 'micro: whoami');
    await admin.sayInRoom(bot.room, 'micro: who am I');
    expect(await bot.hears('whoami')).toMatchObject({ sender: mallory.user.jid, isKnown: true });
    expect(await bot.hears('who am I')).toMatchObject({ sender: admin.user.jid, isKnown: true });
    await bot.answer(await bot.hears('whoami'), text('secret of mallory'), 'aside');
    await mallory.hears(({ body }) => body === 'secret of mallory');
    expect(admin.messages.some(({ body }) => body.includes('secret'))).toBe(false);
    await admin.end();
    await mallory.end();
  });
});
