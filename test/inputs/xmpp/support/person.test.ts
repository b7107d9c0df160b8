import { afterAll, beforeAll, expect, it } from 'vitest';
import { withServer } from '../../../support/needs.ts';
import { missingPerson, person } from '../../../support/xmpp/person.ts';
import { missingProsody, startProsody } from '../../../support/xmpp/prosody.ts';
import type { XmppServer } from '../../../support/xmpp/server.ts';

withServer(missingProsody() ?? missingPerson(), 'people', () => {
  let server: XmppServer;
  beforeAll(async () => {
    server = await startProsody();
  });
  afterAll(() => server.close());

  it('talk to each other', async () => {
    const [alice, bob] = await Promise.all([person(server, 'alice'), person(server, 'bob', { resource: 'phone' })]);
    const id = await alice.say(bob.user.jid, 'helo <&> 😀');
    expect(await bob.hears(({ body }) => body === 'helo <&> 😀')).toMatchObject({ from: alice.jid, id, type: 'chat' });
    await alice.say(bob.user.jid, 'hello', { replace: id });
    expect(await bob.hears(({ body }) => body === 'hello')).toMatchObject({ replaces: id });
    const room = `talk@${server.conference}`;
    await alice.join(room, 'Alice');
    await bob.join(room, 'Bob');
    await bob.sayInRoom(room, 'here I am');
    await alice.hears(({ nick, body }) => nick === 'Bob' && body === 'here I am');
    await bob.rename(room, 'Robert');
    await bob.leave(room, 'Robert');
    await alice.sees(({ nick, type }) => nick === 'Robert' && type === 'unavailable');
    await alice.end();
    await bob.end();
  });

  it('say when they are refused', async () => {
    const user = await server.addUser('carol');
    await expect(person(server, { ...user, password: 'wrong' })).rejects.toThrow('not-authorized');
  });
});
