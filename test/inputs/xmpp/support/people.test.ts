import { describe, expect, it } from 'vitest';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import { person } from '../../../support/xmpp/person.ts';
import { listenxmpp, sendxmpp, sendxmppRoom } from '../../../support/xmpp/sendxmpp.ts';

eachServer('people', (server) => {
  it('of the same program talk to each other', async () => {
    const [alice, bob] = await Promise.all([
      person(server(), unique('alice')),
      person(server(), unique('bob'), { resource: 'phone' }),
    ]);
    const id = await alice.say(bob.user.jid, 'helo <&> 😀', { receipt: true });
    expect(await bob.hears(({ body }) => body === 'helo <&> 😀')).toMatchObject({ from: alice.jid, id, type: 'chat' });
    await alice.hears(({ element }) => element.getChild('received')?.attrs['id'] === id);
    await alice.say(bob.user.jid, 'hello', { replace: id });
    expect(await bob.hears(({ body }) => body === 'hello')).toMatchObject({ replaces: id });
    await alice.state(bob.user.jid, 'composing');
    await bob.hears(({ element }) => element.getChild('composing') !== undefined);
    await alice.react(bob.user.jid, id, ['👍']);
    await bob.hears(({ element }) => element.getChild('reactions')?.getChildText('reaction') === '👍');
    await alice.retract(bob.user.jid, id);
    await bob.hears(({ element }) => element.getChild('apply-to')?.attrs['id'] === id);
    await alice.raw(`<message to='${bob.jid}' type='headline'><body>raw</body></message>`);
    await bob.hears(({ body, type }) => body === 'raw' && type === 'headline');
    await alice.end();
    await bob.end();
  });

  it('meet in a room, rename themselves and leave', async () => {
    const [alice, bob] = await Promise.all([person(server(), unique('alice')), person(server(), unique('bob'))]);
    const room = `${unique('talk')}@${server().conference}`;
    await alice.join(room, 'Alice');
    await bob.join(room, 'Bob');
    await bob.sayInRoom(room, 'here I am');
    await alice.hears(({ nick, body }) => nick === 'Bob' && body === 'here I am');
    await alice.say(`${room}/Bob`, 'between us');
    await bob.hears(({ from, body }) => from === `${room}/Alice` && body === 'between us');
    await expect(bob.rename(room, 'Robert')).resolves.toBeUndefined();
    await bob.leave(room, 'Robert');
    await alice.sees(({ nick, type }) => nick === 'Robert' && type === 'unavailable');
    await alice.invite(room, bob.user.jid, { direct: true });
    await bob.hears(({ element }) => element.getChild('x', 'jabber:x:conference')?.attrs['jid'] === room);
    await alice.invite(room, bob.user.jid);
    await bob.hears(({ from, element }) => from === room && element.getChild('x')?.getChild('invite') !== undefined);
    await alice.end();
    await bob.end();
  });

  it('of different programs talk to each other', async () => {
    const { conference } = server();
    const carol = await server().addUser(unique('carol'));
    const alice = await person(server(), unique('alice'));
    await sendxmpp(server(), carol, [alice.user.jid], 'hello');
    expect(await alice.hears(({ body }) => body.trim() === 'hello')).toMatchObject({ type: 'chat' });
    const room = `${unique('both')}@${conference}`;
    await alice.join(room, 'Alice');
    await sendxmppRoom(server(), carol, room, 'Carol', 'hello all');
    await alice.hears(({ nick, body }) => nick === 'Carol' && body.trim() === 'hello all');
    const listener = listenxmpp(server(), carol, [room], 'Carol');
    await alice.sees(({ nick, type }) => nick === 'Carol' && type === '');
    await until(async () => {
      await alice.sayInRoom(room, 'hello Carol');
      return listener.lines.some((line) => line.includes('hello Carol'));
    });
    await listener.end();
    await alice.end();
  });

  describe('who are refused', () => {
    it('say why', async () => {
      const user = await server().addUser(unique('dora'));
      await expect(person(server(), { ...user, password: 'wrong' })).rejects.toThrow('not-authorized');
      await expect(sendxmpp(server(), { ...user, password: 'wrong' }, [user.jid], 'x')).rejects.toThrow('go-sendxmpp');
    });
  });
});
