import { expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import { eachKind, startServer } from '../../../support/xmpp/each-server.ts';
import { person } from '../../../support/xmpp/person.ts';
import { scene } from './scene.ts';

eachKind('a server that ends', (kind) => {
  test('takes an answer with it whose fate nobody knows: that is told, and it is not said again', async () => {
    const server = await startServer(kind);
    try {
      const bot = await scene(server, { inRoom: false });
      const alice = await person(server, unique('alice'));
      await alice.say(bot.jid, 'list services');
      const said = await bot.hears('list services');
      bot.gate.stall();
      let outcome: unknown;
      const answered = bot.answer(said, text('lost words')).catch((error: unknown) => {
        outcome = error;
      });
      await server.restart();
      await until(() => !alice.isOnline);
      bot.gate.restore();
      await answered;
      expect(outcome).toMatchObject({ name: 'XmppError', code: 'unavailable' });
      await until(() => bot.session());
      await until(() => alice.back().then(() => true));
      await alice.say(bot.jid, 'still there?');
      await bot.answer(await bot.hears('still there?'), text('yes'));
      await alice.hears(({ body }) => body === 'yes');
      expect(alice.messages.some(({ body }) => body === 'lost words')).toBe(false);
      await alice.end();
    } finally {
      await server.close();
    }
  }, 60_000);
});
