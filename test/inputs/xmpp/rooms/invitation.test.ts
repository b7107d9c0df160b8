import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { features, presence, refusal, type StandIn, standIn } from './stand-in.ts';

const room = 'ops@rooms.chat.test';
const fresh = 'new@rooms.chat.test';

async function inside(options: Parameters<typeof standIn>[0] = {}): Promise<StandIn> {
  const it = standIn({ rooms: [room], ...options });
  it.answer = (request) => (request.getChild('query') === undefined ? undefined : features('muc_nonanonymous'));
  it.login();
  await until(() => it.sent.length > 0);
  it.deliver(presence(`${room}/alice`, { jid: 'alice@chat.test/a' }));
  it.deliver(presence(`${room}/stranger`, { jid: 'stranger@evil.test/s' }));
  it.deliver(presence(`${room}/micro`, { codes: [110] }));
  return it;
}

const direct = (from: string, to = fresh, more = ''): string =>
  `<message from='${from}' to='bot@chat.test'><body>come!</body><x xmlns='jabber:x:conference' jid='${to}'/>${more}</message>`;
const mediated = (from: string, by: string, more = ''): string =>
  `<message from='${from}' to='bot@chat.test'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='${by}'/>${more}</x></message>`;
const joins = ({ sent }: StandIn): readonly string[] => sent.slice(1).map((stanza) => String(stanza.attrs['to']));

describe('an invitation', () => {
  it.each([
    ['direct, from our own domain', direct('alice@chat.test/a')],
    ['by a room of our own server', mediated(fresh, 'alice@chat.test/a')],
    ['by an anonymous room of our own server', mediated(fresh, `${fresh}/somebody`), fresh],
    ['by one in a room with us', direct(`${room}/alice`)],
    ['by a room, from one in a room with us', mediated(fresh, `${room}/alice`)],
  ])('is accepted: %s', async (_, stanza, from = 'alice@chat.test') => {
    const it = await inside();
    expect(it.deliver(stanza)).toBe(true);
    await until(() => joins(it).join() === `${fresh}/micro`);
    expect(it.log.told('invited into a room')[0]?.fields).toEqual({ room: fresh, from });
  });

  it.each([
    ['from another domain', direct('stranger@evil.test/s')],
    ['from a domain that ends like ours', direct('stranger@evilchat.test/s')],
    ['by a strange room that says somebody of ours wants us', mediated('trap@rooms.evil.test', 'alice@chat.test/a')],
    ['by a strange room', mediated('trap@rooms.evil.test', 'trap@rooms.evil.test/somebody')],
    ['by an account that says so', mediated('mallory@chat.test', 'alice@chat.test/a')],
    ['by a stranger in a room with us', direct(`${room}/stranger`)],
    ['by a nick that nobody has', direct(`${room}/nobody`)],
    ['by a room, from a nick that nobody has', mediated(fresh, `${room}/nobody`)],
    ['from nobody', direct('')],
  ])('is not accepted: %s', async (_, stanza) => {
    const it = await inside();
    expect(it.deliver(stanza)).toBe(true);
    expect(it.log.told('not accepted')).toHaveLength(1);
    it.rooms.join('marker@rooms.chat.test');
    await until(() => joins(it).length > 0);
    expect(joins(it)).toEqual(['marker@rooms.chat.test/micro']);
  });

  it.each([
    ['from one in a room in the room’s name', mediated(`${room}/alice`, 'alice@chat.test/a')],
    ['into no room', direct('alice@chat.test/a', 'rooms.chat.test')],
    [
      'said to everybody',
      `<message type='groupchat' from='${room}/alice'><x xmlns='jabber:x:conference' jid='${fresh}'/></message>`,
    ],
    [
      'returned to us',
      `<message type='error' from='alice@chat.test/a'><x xmlns='jabber:x:conference' jid='${fresh}'/></message>`,
    ],
    [
      'wrapped in another message',
      `<message from='alice@chat.test/a'><forwarded xmlns='urn:xmpp:forward:0'>${direct('boss@chat.test/b')}</forwarded></message>`,
    ],
  ])('is none: %s', async (_, stanza) => {
    const it = await inside();
    expect(it.deliver(stanza)).toBe(false);
    expect(it.log.told('invit')).toEqual([]);
  });

  it('may come from anybody, nobody, or from some, as it is configured', async () => {
    const anybody = await inside({ invitations: 'anybody' });
    anybody.deliver(direct('stranger@evil.test/s'));
    await until(() => joins(anybody).length > 0);
    const nobody = await inside({ invitations: 'nobody' });
    nobody.deliver(direct('alice@chat.test/a'));
    expect(nobody.log.told('not accepted')).toHaveLength(1);
    const some = await inside({ invitations: ['Friend@partner.test'] });
    some.deliver(direct('alice@chat.test/a'));
    expect(some.log.told('not accepted')).toHaveLength(1);
    some.deliver(direct('friend@partner.test/f'));
    await until(() => joins(some).join() === `${fresh}/micro`);
  });

  it('brings the password along', async () => {
    const it = await inside();
    it.deliver(mediated(fresh, 'alice@chat.test/a', '<password>s3cret</password>'));
    await until(() => it.sent.length > 1);
    expect(it.sent[1]?.toString()).toContain('<password>s3cret</password>');
    expect(JSON.stringify(it.log.lines)).not.toContain('s3cret');
  });

  it('does not replace the password of the configuration', async () => {
    const it = await inside({ rooms: [room, `${fresh}?right`] });
    await until(() => it.sent.length === 2);
    it.deliver(refusal(`${fresh}/micro`, String(it.sent[1]?.attrs['id']), 'forbidden'));
    it.deliver(mediated(fresh, 'alice@chat.test/a', '<password>wrong</password>'));
    await until(() => it.sent.length === 3);
    expect(it.sent[2]?.toString()).toContain('<password>right</password>');
  });

  it('undoes a kick, unless it is older', async () => {
    const it = await inside();
    it.deliver(presence(`${room}/micro`, { type: 'unavailable', codes: [110, 307] }));
    it.deliver(direct('alice@chat.test/a', room, `<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>`));
    expect(it.log.told('invited')).toEqual([]);
    it.deliver(direct('alice@chat.test/a', room));
    await until(() => joins(it).join() === `${room}/micro`);
  });

  it('can be of a kind that only some servers have', async () => {
    const it = await inside({
      style: {
        invitation: (stanza) => {
          const invite = stanza.getChild('invite', 'urn:test');
          return invite && { room: String(stanza.attrs['from']), from: String(invite.attrs['from']) };
        },
      },
    });
    it.deliver(`<message from='${fresh}'><invite xmlns='urn:test' from='alice@chat.test'/></message>`);
    await until(() => joins(it).join() === `${fresh}/micro`);
    it.deliver(`<message from='trap@rooms.evil.test'><invite xmlns='urn:test' from='alice@chat.test'/></message>`);
    expect(it.log.told('not accepted')).toHaveLength(1);
  });

  it('of thousands does not fill the log, nor the memory', async () => {
    const it = await inside({ mostRooms: 20 });
    for (let index = 0; index < 2_000; index += 1)
      it.deliver(direct('stranger@evil.test/s', `r${index}@rooms.evil.test`));
    expect(it.log.told('not accepted').length).toBeLessThan(10);
    for (let index = 0; index < 2_000; index += 1) it.deliver(direct('alice@chat.test/a', `r${index}@rooms.chat.test`));
    expect(it.log.told('more rooms than we can be in')).toHaveLength(1);
    await until(() => it.sent.length > 15);
    for (let done = 1; done < 20; done += 1) {
      await until(() => it.sent.length > done);
      it.deliver(presence(String(it.sent[done]?.attrs['to']), { codes: [110] }));
    }
    expect(it.rooms.all).toHaveLength(20);
    expect(it.sent).toHaveLength(20);
    for (const { jid } of it.rooms.all.slice(1))
      it.deliver(presence(`${jid}/micro`, { type: 'unavailable', codes: [110, 307] }));
    it.deliver(direct('alice@chat.test/a'));
    await until(() => joins(it).at(-1) === `${fresh}/micro`);
  });
});
