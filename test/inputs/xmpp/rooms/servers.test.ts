import element from '@xmpp/xml';
import { expect, it } from 'vitest';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import { type Person, person } from '../../../support/xmpp/person.ts';
import { live } from './live.ts';

eachServer(
  'rooms',
  (server, kind) => {
    const at = (name: string): string => `${name}@${server().conference}`;
    const somebody = (name: string): Promise<Person> => person(server(), unique(name));
    const inTheRoom = (name: string): Promise<readonly string[]> =>
      server()
        .admin.occupants(name)
        .then((all) => all.map(({ nick }) => nick));

    it('opens a room that is new, so that others can come in', async () => {
      const name = unique('new');
      const bot = await live(server(), { rooms: [name] });
      const room = await bot.inside(at(name), 'micro');
      await until(() => bot.log.told('the room is new').length === 1);
      const alice = await somebody('alice');
      expect(await alice.join(at(name), 'alice')).toBe('alice');
      await until(() => room.occupant('alice'));
      await alice.leave(at(name), 'alice');
      await until(() => room.occupant('alice') === undefined);
    });

    it('knows people by their addresses where everybody sees them, whatever they call themselves', async () => {
      const name = unique('open');
      await server().admin.createRoom(name, { identities: 'anyone' });
      const alice = await somebody('alice');
      const mallory = await somebody('mallory');
      await alice.join(at(name), 'boss');
      const bot = await live(server(), { rooms: [name] });
      const room = await bot.inside(at(name));
      await until(() => room.isIdentifying);
      expect(room.occupant('boss')?.jid).toBe(alice.user.jid);
      await alice.leave(at(name), 'boss');
      await until(() => room.occupant('boss') === undefined);
      await mallory.join(at(name), 'boss');
      await until(() => room.occupant('boss'));
      expect(room.occupant('boss')?.jid).toBe(mallory.user.jid);
      await mallory.rename(at(name), 'boss2');
      await until(() => room.occupant('boss2'));
      expect(room.occupant('boss')).toBeUndefined();
      expect(room.occupant('boss2')?.jid).toBe(mallory.user.jid);
    });

    it('knows nobody by address in an anonymous room, until it becomes another one', async () => {
      const name = unique('anonymous');
      await server().admin.createRoom(name, { identities: 'moderators' });
      const alice = await somebody('alice');
      await alice.join(at(name), 'alice');
      const bot = await live(server(), { rooms: [name] });
      const room = await bot.inside(at(name));
      expect(room.occupant('alice')?.jid).toBeUndefined();
      if (kind === 'prosody') {
        await until(() => room.isIdentifying);
        const id = room.occupant('alice')?.occupantId;
        expect(id).toMatch(/./);
        await alice.rename(at(name), 'alicia');
        await until(() => room.occupant('alicia'));
        expect(room.occupant('alicia')?.occupantId).toBe(id);
      } else expect(room.isIdentifying).toBe(false);
      await server().admin.configure(name, { identities: 'anyone' });
      await until(() => room.isIdentifying);
      const bob = await somebody('bob');
      await bob.join(at(name), 'bob');
      await until(() => room.occupant('bob')?.jid === bob.user.jid);
    });

    it('sees addresses in an anonymous room while it is a moderator', async () => {
      const name = unique('moderated');
      await server().admin.createRoom(name, { identities: 'moderators' });
      const bot = await live(server(), { rooms: [name] });
      const room = await bot.inside(at(name));
      await server().admin.affiliate(name, bot.user.jid, 'admin');
      await until(() => room.isIdentifying);
      const alice = await somebody('alice');
      await alice.join(at(name), 'alice');
      await until(() => room.occupant('alice')?.jid === alice.user.jid);
    });

    it('stays away after a kick, until somebody of ours invites it directly or by the room', async () => {
      const name = unique('kick');
      await server().admin.createRoom(name);
      const alice = await somebody('alice');
      await server().admin.affiliate(name, alice.user.jid, 'admin');
      await alice.join(at(name), 'alice');
      const bot = await live(server(), { rooms: [name] });
      for (const direct of [true, false]) {
        await bot.inside(at(name));
        const told = bot.log.told('kicked out').length;
        await server().admin.kick(name, 'micro', 'be quiet');
        await until(() => bot.log.told('kicked out').length === told + 1);
        expect(bot.rooms.find(at(name))).toBeUndefined();
        expect(await inTheRoom(name)).not.toContain('micro');
        await alice.invite(at(name), bot.user.jid, { direct });
      }
      await bot.inside(at(name));
    });

    it('stays away after a ban, also after the next login, until it is asked for', async () => {
      const name = unique('ban');
      const marker = unique('marker');
      await server().admin.createRoom(name);
      const bot = await live(server(), { rooms: [name, marker] });
      await bot.inside(at(name));
      await server().admin.ban(name, bot.user.jid);
      await until(() => bot.log.told('banned').length === 1);
      bot.rooms.online(bot.session, false);
      await bot.inside(at(marker));
      expect(await inTheRoom(name)).toEqual([]);
      await server().admin.affiliate(name, bot.user.jid, 'none');
      bot.rooms.join(name);
      await bot.inside(at(name));
    });

    it('comes back when the room lost it for a technical reason', async () => {
      const name = unique('lost');
      await server().admin.createRoom(name);
      const bot = await live(server(), { rooms: [name] });
      await bot.inside(at(name));
      const failed = element(
        'error',
        { type: 'cancel' },
        element('recipient-unavailable', { xmlns: 'urn:ietf:params:xml:ns:xmpp-stanzas' }),
      );
      await bot.session.send(element('message', { to: at(name), type: 'error' }, failed));
      await until(() => bot.log.told('in the room', ['info']).length === 2);
      // ejabberd does not say why.
      expect(bot.log.told(kind === 'prosody' ? 'technical reason' : 'not in the room any more')).toHaveLength(1);
      expect(await inTheRoom(name)).toEqual(['micro']);
    });

    it('finds out that it is not in any more, though nobody told', async () => {
      const name = unique('silent');
      await server().admin.createRoom(name);
      const bot = await live(server(), { rooms: [name], timing: { pingMs: 50 } });
      await bot.inside(at(name));
      bot.misses = ({ attrs }) => attrs['type'] === 'unavailable';
      await bot.session.send(element('presence', { to: `${at(name)}/micro`, type: 'unavailable' }));
      await until(() => bot.log.told('in the room', ['info']).length === 2);
      expect(bot.log.told('not in the room any more')).toHaveLength(1);
      expect(await inTheRoom(name)).toEqual(['micro']);
    });

    it('follows a room that was destroyed to its venue', async () => {
      const [name, venue] = [unique('old'), unique('venue')];
      await server().admin.createRoom(name);
      await server().admin.createRoom(venue);
      const bot = await live(server(), { rooms: [name] });
      await bot.inside(at(name));
      await server().admin.destroy(name, at(venue), 'too small');
      await bot.inside(at(venue));
      expect(bot.rooms.all.map(({ jid }) => jid)).toEqual([at(venue)]);
      await server().admin.destroy(venue);
      await until(() => bot.log.told('the room was destroyed:').length === 1);
      expect(bot.rooms.all).toEqual([]);
    });

    it('takes another nick while its own is taken, and its own when that is free', async () => {
      const name = unique('nick');
      await server().admin.createRoom(name);
      const mallory = await somebody('mallory');
      await mallory.join(at(name), 'micro');
      const bot = await live(server(), { rooms: [name], timing: { nickMs: 60_000 } });
      await bot.inside(at(name), 'micro_');
      await mallory.leave(at(name), 'micro');
      await bot.inside(at(name), 'micro');
      expect(await inTheRoom(name)).toEqual(['micro']);
    });

    it('gets in as soon as it may: with the password, as a member', async () => {
      const names = { password: unique('password'), members: unique('members') };
      await server().admin.createRoom(names.password, { password: 's3cret' });
      await server().admin.createRoom(names.members, { membersOnly: true });
      const bot = await live(server(), { rooms: [names.password, names.members] });
      await until(() => bot.log.told('wants a password').length === 1);
      await until(() => bot.log.told('members only').length === 1);
      expect(bot.rooms.all).toEqual([]);
      await server().admin.affiliate(names.members, bot.user.jid, 'member');
      await bot.inside(at(names.members));
      bot.rooms.join(`${names.password}?s3cret`);
      await bot.inside(at(names.password));
      expect(JSON.stringify(bot.log.lines)).not.toContain('s3cret');
    });

    if (kind === 'prosody')
      it('gets in as soon as a room is not locked any more', async () => {
        const name = unique('locked');
        const alice = await somebody('alice');
        await alice.join(at(name), 'alice');
        const bot = await live(server(), { rooms: [name] });
        await until(() => bot.log.told('is locked').length === 1);
        const form = `<x xmlns='jabber:x:data' type='submit'/>`;
        await alice.ask(at(name), 'set', `<query xmlns='http://jabber.org/protocol/muc#owner'>${form}</query>`);
        await bot.inside(at(name));
      });

    it('is in every room of the service, and in those that come later', async () => {
      const first = unique('first');
      await server().admin.createRoom(first);
      const bot = await live(server(), { all: true });
      await bot.inside(at(first));
      const later = unique('later');
      await server().admin.createRoom(later);
      await bot.inside(at(later));
    });

    it('leaves with a word', async () => {
      const name = unique('bye');
      await server().admin.createRoom(name);
      const alice = await somebody('alice');
      await alice.join(at(name), 'alice');
      const bot = await live(server(), { rooms: [name], style: { farewell: 'so long' } });
      await bot.inside(at(name));
      await bot.rooms.close();
      const gone = await alice.sees(({ from, type }) => from === `${at(name)}/micro` && type === 'unavailable');
      expect(gone.element.getChildText('status')).toBe('so long');
    });

    it('shares its nick with another process of the same account', async () => {
      const name = unique('twice');
      await server().admin.createRoom(name);
      const one = await live(server(), { rooms: [name] });
      await one.inside(at(name));
      const two = await live(server(), { rooms: [name] }, one.user);
      await two.inside(at(name), 'micro');
      await two.rooms.close();
      await until(async () => (await inTheRoom(name)).join() === 'micro');
      expect(one.rooms.find(at(name))?.nick).toBe('micro');
    });
  },
  { lockedRooms: true },
);
