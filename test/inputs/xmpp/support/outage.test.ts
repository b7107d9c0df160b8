import { expect, it } from 'vitest';
import { sleep } from '../../../../src/async/sleep.ts';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import { openBare, type Target } from '../../../support/xmpp/bare.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import { person } from '../../../support/xmpp/person.ts';
import type { User, XmppServer } from '../../../support/xmpp/server.ts';
import { authenticate, openStream, type Stream } from '../../../support/xmpp/stream.ts';

const targetOf = ({ host, tlsPort, domain, ca }: XmppServer): Target => ({ host, port: tlsPort, domain, ca });
const open = (server: XmppServer, { name, password }: User): Promise<Stream> =>
  openStream({ ...targetOf(server), name, password });

const ping = "<iq type='get' id='{id}'><ping xmlns='urn:xmpp:ping'/></iq>";

eachServer('a server', (chosen) => {
  it('goes and comes back with its accounts and lasting rooms', async () => {
    const server = chosen();
    await server.admin.createRoom('ops', { membersOnly: true });
    const alice = await person(server, unique('alice'));
    await server.stop();
    await until(() => !alice.isOnline);
    await expect(alice.back()).rejects.toThrow('disconnected');
    await server.restart();
    await alice.back();
    await server.kill();
    await until(() => !alice.isOnline);
    await server.restart();
    await alice.back();
    await expect(alice.join(`ops@${server.conference}`, 'A')).rejects.toThrow('registration-required');
    await server.admin.affiliate('ops', alice.user.jid, 'member');
    await alice.join(`ops@${server.conference}`, 'A');
    await alice.end();
  });

  it('says goodbye when an operator stops it', async () => {
    const server = chosen();
    const alice = await server.addUser(unique('alice'));
    // One of them leaves it out when it gets no processor for a while. Killed, it never says any.
    await until(async () => {
      const stream = await open(server, alice);
      await server.stop();
      await server.restart();
      await until(() => !stream.isOpen);
      return stream.stanzas.map(String).join('').includes('system-shutdown');
    }, 60_000);
  });

  it('lets a cut stream be resumed', async () => {
    const server = chosen();
    const bob = await server.addUser(unique('bob'));
    const stream = await open(server, bob);
    stream.write("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    const enabled = await until(() => stream.stanzas.find(({ name }) => name === 'enabled'));
    stream.write('<presence/>');
    await stream.ask(ping);
    server.cut();
    await until(() => !stream.isOpen);
    const alice = await person(server, unique('alice'));
    await alice.say(stream.jid, 'while you were away');
    const again = await openBare(targetOf(server));
    await authenticate(again, bob);
    again.write(`<resume xmlns='urn:xmpp:sm:3' previd='${enabled.attrs['id']}' h='1'/>`);
    expect((await again.next()).name).toBe('resumed');
    await until(() => again.came.some((stanza) => stanza.getChildText('body') === 'while you were away'));
    expect(server.connections).toBeGreaterThanOrEqual(3);
    again.end();
    await alice.end();
  });

  it('falls silent and wakes', async () => {
    const server = chosen();
    const alice = await server.addUser(unique('alice'));
    const stream = await open(server, alice);
    for (const [away, back] of [
      [() => server.pause(), () => server.resume()],
      [() => server.stall(), () => server.restore()],
    ] as const) {
      await away();
      let answered = false;
      const answer = stream.ask(ping).finally(() => {
        answered = true;
      });
      // Time enough for an answer, if it could come.
      await sleep(50);
      expect(answered).toBe(false);
      back();
      expect((await answer).attrs['type']).toBe('result');
    }
    server.shut();
    await until(() => !stream.isOpen);
    await expect(open(server, alice)).rejects.toThrow();
    server.restore();
    (await open(server, alice)).end();
  });
});
