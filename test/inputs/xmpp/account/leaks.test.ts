import { getActiveResourcesInfo } from 'node:process';
import { createElement as xml } from '@xmpp/xml';
import { expect, it, onTestFinished } from 'vitest';
import { withServer } from '../../../support/needs.ts';
import { missingProsody, startProsody } from '../../../support/xmpp/prosody.ts';
import { until } from '../../../support/until.ts';
import { use } from './guest.ts';

/** What keeps this process alive, by kind. */
const alive = (kind: string): number => getActiveResourcesInfo().filter((each) => each === kind).length;

withServer(missingProsody(), 'an XMPP account that has ended', () => {
  it('leaves no socket and no timer, however it ended', async () => {
    const server = await startProsody();
    onTestFinished(() => server.close());
    const bot = await server.addUser('bot');
    const options = { jid: bot.jid, password: bot.password, server: `${server.host}:${server.port}`, ca: server.ca };
    const inTest = { sockets: alive('TCPSocketWrap'), timers: alive('Timeout') };
    for (const password of ['wrong', bot.password, bot.password]) {
      const used = use({ ...options, password });
      if (password === 'wrong') {
        await expect(used.ended).rejects.toMatchObject({ code: 'refused' });
        continue;
      }
      const own = await used.session();
      await own.ask(xml('iq', { type: 'get', to: own.jid }, xml('ping', { xmlns: 'urn:xmpp:ping' })));
      server.cut();
      await until(() => used.events.includes('resumed'));
      await used.stop();
    }
    const never = use(options);
    await never.stop();
    server.stall();
    const before = server.connections;
    const waiting = use(options);
    await until(() => server.connections > before);
    await waiting.stop();
    server.restore();
    await until(() => alive('TCPSocketWrap') <= inTest.sockets);
    await until(() => alive('Timeout') <= inTest.timers + 1);
  });
});
