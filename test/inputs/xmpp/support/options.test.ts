import { request } from 'node:https';
import type { Element } from '@xmpp/xml';
import { expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { openBare } from '../../../support/xmpp/bare.ts';
import { eachKind, startServer } from '../../../support/xmpp/each-server.ts';
import { person } from '../../../support/xmpp/person.ts';
import type { Certificate, ServerOptions, XmppServer } from '../../../support/xmpp/server.ts';
import { openStream, type Stream } from '../../../support/xmpp/stream.ts';

async function offered({ host, port, tlsPort, domain, ca }: XmppServer, tls: boolean): Promise<Element> {
  const bare = await openBare(tls ? { host, port: tlsPort, domain, ca } : { host, port, domain });
  const features = await bare.begin();
  bare.end();
  return features;
}

const mechanisms = (features: Element): readonly string[] =>
  features
    .getChild('mechanisms')
    ?.getChildren('mechanism')
    .map((mechanism) => mechanism.text()) ?? [];

async function logIn(server: XmppServer): Promise<Stream> {
  const { host, tlsPort, domain, ca } = server;
  return openStream({ host, port: tlsPort, domain, ca, ...(await server.addUser('alice')) });
}

eachKind('a server', (kind) => {
  const started = async (options: ServerOptions, work: (server: XmppServer) => Promise<void>): Promise<void> => {
    const server = await startServer(kind, options);
    try {
      await work(server);
    } finally {
      await server.close();
    }
  };

  it('offers what its way of keeping passwords allows', async () => {
    await started({}, async (server) => {
      expect(mechanisms(await offered(server, true))).toEqual(
        expect.arrayContaining(['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256']),
      );
      expect(mechanisms(await offered(server, false))).toEqual([]);
      expect((await offered(server, false)).getChild('starttls')?.getChild('required')).toBeDefined();
    });
    await started({ passwords: 'SCRAM-SHA-256', withoutMechanisms: ['PLAIN'] }, async (server) => {
      const names = mechanisms(await offered(server, true));
      expect(names).toContain('SCRAM-SHA-256');
      expect(names).not.toContain('SCRAM-SHA-1');
      expect(names).not.toContain('PLAIN');
      await (await person(server, 'alice')).end();
    });
  });

  it('lets people in without encryption, the old way too, where that is wanted', async () => {
    await started({ tls: false, legacyAuth: true }, async (server) => {
      const features = await offered(server, false);
      expect(features.getChild('starttls')).toBeUndefined();
      expect(features.getChild('auth', 'http://jabber.org/features/iq-auth')).toBeDefined();
      await (await person(server, 'alice', { cleartext: true })).end();
    });
  });

  it('shows a certificate that nobody should trust, where that is wanted', async () => {
    const expired: readonly [Certificate, string] = ['expired', 'certificate has expired'];
    const others: readonly (readonly [Certificate, string])[] = [
      ['elsewhere', "does not match certificate's altnames"],
      ['stranger', 'unable to verify'],
    ];
    // They are made alike for both; Erlang starts slowly.
    for (const [certificate, error] of [expired, ...(kind === 'prosody' ? others : [])])
      await started({ certificate }, async (server) => {
        await expect(offered(server, true)).rejects.toThrow(error);
      });
  });

  it('has limits, and takes files by HTTPS', async () => {
    await started({ maxStanzaBytes: 12_000, upload: true }, async (server) => {
      const alice = await logIn(server);
      const slot = await alice.ask(
        `<iq type='get' id='{id}' to='upload.chat.test'><request xmlns='urn:xmpp:http:upload:0' filename='a.txt' size='5' content-type='text/plain'/></iq>`,
      );
      const [put, get] = ['put', 'get'].map((name) => slot.getChild('slot')?.getChild(name));
      expect(await transfer(server, 'PUT', put, 'hello')).toMatchObject({ status: 201 });
      expect(await transfer(server, 'GET', get)).toEqual({ status: 200, body: 'hello' });
      alice.write(`<message to='${alice.jid}'><body>${'x'.repeat(13_000)}</body></message>`);
      await until(() => !alice.isOpen);
      expect(alice.stanzas.map(String).join('')).toContain('policy-violation');
    });
  });

  // ejabberd opens them at once.
  if (kind === 'ejabberd') return;
  it('closes new rooms until they are configured', async () => {
    await started({ lockedRooms: true }, async (server) => {
      const [alice, bob] = await Promise.all([person(server, 'alice'), person(server, 'bob')]);
      const room = `new@${server.conference}`;
      await alice.join(room, 'Alice');
      await expect(bob.join(room, 'Bob')).rejects.toThrow('item-not-found');
      await alice.ask(
        room,
        'set',
        "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>",
      );
      await bob.join(room, 'Bob');
      await alice.end();
      await bob.end();
    });
  });
});

function transfer({ ca }: XmppServer, method: string, slot: Element | undefined, body?: string): Promise<object> {
  const given = slot?.getChildren('header').map((header) => [String(header.attrs['name']), header.text()] as const);
  const headers = { 'content-type': 'text/plain', ...Object.fromEntries(given ?? []) };
  return new Promise((resolve, reject) => {
    const asked = request(String(slot?.attrs['url']), { method, ca, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (more: string) => (text += more));
      answer.on('end', () => resolve({ status: answer.statusCode, body: text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
