import { afterAll, beforeAll, expect, it } from 'vitest';
import { withServer } from '../../../support/needs.ts';
import { until } from '../../../support/until.ts';
import { missingProsody, startProsody } from '../../../support/xmpp/prosody.ts';
import { listenxmpp, missingSendxmpp, sendxmpp } from '../../../support/xmpp/sendxmpp.ts';
import type { XmppServer } from '../../../support/xmpp/server.ts';

withServer(missingProsody() ?? missingSendxmpp(), 'go-sendxmpp', () => {
  let server: XmppServer;
  beforeAll(async () => {
    server = await startProsody();
  });
  afterAll(() => server.close());

  it('says something to somebody who listens', async () => {
    const [alice, bob] = [await server.addUser('alice'), await server.addUser('bob')];
    const listener = listenxmpp(server, bob, []);
    await until(() => server.log().includes('Authenticated as bob@chat.test'));
    await sendxmpp(server, alice, [bob.jid], 'hello');
    await until(() => listener.lines.some((line) => line.includes('alice@chat.test') && line.endsWith('hello')));
    await listener.end();
    await expect(sendxmpp(server, { ...alice, password: 'wrong' }, [bob.jid], 'x')).rejects.toThrow('go-sendxmpp');
  });
});
