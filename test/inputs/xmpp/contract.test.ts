import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { xmppInput } from '../../../src/inputs/xmpp/xmpp.ts';
import { inputContract } from '../../contract/input.ts';
import { unique } from '../../support/name.ts';
import { withServer } from '../../support/needs.ts';
import { until } from '../../support/until.ts';
import { missingPerson, person } from '../../support/xmpp/person.ts';
import { missingProsody, startProsody } from '../../support/xmpp/prosody.ts';
import type { XmppServer } from '../../support/xmpp/server.ts';

withServer(missingProsody() ?? missingPerson(), 'on Prosody', () => {
  let server: XmppServer;
  beforeAll(async () => {
    server = await startProsody();
  });
  afterAll(() => server.close());

  inputContract('the XMPP input', async () => {
    const user = await server.addUser(unique('bot'));
    const ada = await person(server, unique('ada'));
    onTestFinished(() => ada.end());
    const input = xmppInput({
      accounts: [{ jid: user.jid, password: user.password }],
      server: `${server.host}:${server.port}`,
      ca: server.ca,
    });
    onTestFinished(() => input.close());
    let said = Promise.resolve();
    const say = async (typed: string): Promise<void> => {
      // The server keeps what is said before somebody is there, and the bot takes no old commands.
      await until(() => input.outage === undefined);
      await ada.say(user.jid, typed);
    };
    return {
      input,
      type: (typed) => {
        said = said.then(() => say(typed)).catch(() => {});
      },
      nowhere: [
        { kind: 'room', room: '' },
        { kind: 'person', person: '' },
      ],
      shown: () => ada.messages.map(({ body }) => body).join('\n'),
    };
  });
});
