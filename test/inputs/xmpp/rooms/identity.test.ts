import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { features, presence, type StandIn, standIn } from './stand-in.ts';

const room = 'ops@rooms.chat.test';

/** In a room that says this of itself. */
async function inside(
  jid: string,
  says: readonly string[] | undefined,
  options: Parameters<typeof standIn>[0] = {},
): Promise<StandIn> {
  const it = standIn({ rooms: [jid], ...options });
  it.answer = (request) => {
    if (request.getChild('query') === undefined) return undefined;
    return says === undefined ? 'service-unavailable' : features(...says);
  };
  it.login();
  await until(() => it.sent.length > 0);
  it.deliver(presence(`${jid}/micro`, { codes: [110] }));
  await until(() => it.asked.length > 0);
  // The answer is on its way to whoever asked.
  await Promise.resolve();
  return it;
}

describe('who is who', () => {
  it('is known by address where the room shows them', async () => {
    const { rooms, deliver } = await inside(room, ['muc_nonanonymous']);
    deliver(presence(`${room}/alice`, { jid: 'Alice@chat.test/a', occupantId: 'forged' }));
    const found = await until(() => rooms.find(room)?.isIdentifying === true && rooms.find(room));
    expect(found.occupant('alice')).toEqual({ nick: 'alice', jid: 'alice@chat.test', occupantId: undefined });
  });

  it('is known by occupant id where the room has those', async () => {
    const { rooms, deliver } = await inside(room, ['muc_semianonymous', 'urn:xmpp:occupant-id:0']);
    deliver(presence(`${room}/alice`, { occupantId: 'a1' }));
    const found = await until(() => rooms.find(room)?.isIdentifying === true && rooms.find(room));
    expect(found.occupant('alice')).toEqual({ nick: 'alice', jid: undefined, occupantId: 'a1' });
  });

  it('is not known in an anonymous room, unless we are a moderator there', async () => {
    const { rooms, deliver } = await inside(room, ['muc_semianonymous']);
    expect(rooms.find(room)?.isIdentifying).toBe(false);
    deliver(presence(`${room}/micro`, { codes: [110], role: 'moderator' }));
    expect(rooms.find(room)?.isIdentifying).toBe(true);
    deliver(presence(`${room}/micro`, { codes: [110], role: 'participant' }));
    expect(rooms.find(room)?.isIdentifying).toBe(false);
  });

  it('follows what the room becomes', async () => {
    const it = await inside(room, ['muc_semianonymous']);
    const notice = (code: number): boolean =>
      it.deliver(
        `<message from='${room}' type='groupchat'><x xmlns='http://jabber.org/protocol/muc#user'><status code='${code}'/></x></message>`,
      );
    it.answer = () => features('muc_nonanonymous');
    expect(notice(172)).toBe(true);
    expect(it.rooms.find(room)?.isIdentifying).toBe(true);
    it.answer = () => features('muc_semianonymous');
    notice(173);
    expect(it.rooms.find(room)?.isIdentifying).toBe(false);
    it.answer = () => features('muc_nonanonymous');
    notice(104);
    await until(() => it.rooms.find(room)?.isIdentifying);
  });

  it('is found out after a cut when the room had no time to say it before', async () => {
    const it = standIn({ rooms: [room] });
    const session = it.login();
    await until(() => it.sent.length > 0);
    it.deliver(presence(`${room}/micro`, { codes: [110] }));
    await until(() => it.asked.length === 1);
    it.rooms.offline();
    it.answer = (request) =>
      request.getChild('query') === undefined ? `<iq type='result'/>` : features('muc_nonanonymous');
    it.rooms.online(session, true);
    await until(() => it.rooms.find(room)?.isIdentifying);
  });

  it('has to be said again when we come back', async () => {
    const it = await inside(room, ['muc_nonanonymous', 'urn:xmpp:occupant-id:0'], { timing: { minDelayMs: 2 } });
    await until(() => it.rooms.find(room)?.isIdentifying);
    it.answer = () => undefined;
    it.deliver(presence(`${room}/micro`, { type: 'unavailable', codes: [110, 333] }));
    await until(() => it.sent.length === 2);
    it.deliver(presence(`${room}/micro`, { codes: [110] }));
    expect(it.rooms.find(room)?.isIdentifying).toBe(false);
  });

  it('is nobody where only the room itself is meant', async () => {
    const { rooms, deliver } = await inside(room, ['muc_nonanonymous']);
    deliver(presence(room, { jid: 'alice@chat.test/a' }));
    expect(rooms.find(room)?.occupant('')).toBeUndefined();
  });

  it('is somebody else when another takes the nick', async () => {
    const { rooms, deliver } = await inside(room, ['muc_nonanonymous']);
    deliver(presence(`${room}/alice`, { jid: 'alice@chat.test/a' }));
    deliver(presence(`${room}/alice`, { type: 'unavailable' }));
    expect(rooms.find(room)?.occupant('alice')).toBeUndefined();
    deliver(presence(`${room}/alice`, { jid: 'mallory@chat.test/m' }));
    expect(rooms.find(room)?.occupant('alice')?.jid).toBe('mallory@chat.test');
    deliver(presence(`${room}/alice`, { type: 'unavailable', codes: [303], newNick: 'bob' }));
    deliver(presence(`${room}/bob`, { jid: 'mallory@chat.test/m' }));
    expect(rooms.find(room)?.occupant('alice')).toBeUndefined();
    expect(rooms.find(room)?.occupant('bob')?.jid).toBe('mallory@chat.test');
  });

  it.each([
    'alice ',
    'Alice',
    'аlice',
    'alice\u200b',
    'alice/x',
    '\u202eecila',
    '__proto__',
    '',
  ])('is nobody for a nick that only looks alike: %j', async (nick) => {
    const { rooms, deliver } = await inside(room, ['muc_nonanonymous']);
    deliver(presence(`${room}/alice`, { jid: 'alice@chat.test/a' }));
    expect(rooms.find(room)?.occupant(nick)).toBeUndefined();
    deliver(presence(`${room}/${nick}`, { jid: 'mallory@chat.test/m' }));
    expect(rooms.find(room)?.occupant('alice')?.jid).toBe('alice@chat.test');
  });

  it('is nobody where somebody smuggles in an identity beside the room’s', async () => {
    const { rooms, deliver } = await inside(room, ['muc_nonanonymous', 'urn:xmpp:occupant-id:0']);
    const item = (jid: string): string =>
      `<x xmlns='http://jabber.org/protocol/muc#user'><item jid='${jid}' role='participant'/></x>`;
    const id = (value: string): string => `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='${value}'/>`;
    const two = `${item('admin@chat.test/a')}${item('mallory@chat.test/m')}${id('1')}${id('2')}`;
    deliver(`<presence from='${room}/m'>${two}</presence>`);
    await until(() => rooms.find(room)?.isIdentifying);
    expect(rooms.find(room)?.occupant('m')).toEqual({ nick: 'm', jid: undefined, occupantId: undefined });
  });
});

describe('a room whose word is worth nothing', () => {
  const claims = (jid: string): string => presence(`${jid}/boss`, { jid: 'boss@chat.test/b', occupantId: 'o1' });

  it('is one on the server of a stranger that somebody invited us to', async () => {
    const evil = 'ops@rooms.evil.test';
    const it = await inside(room, [], { invitations: 'anybody' });
    it.answer = () => features('muc_nonanonymous');
    it.deliver(`<message from='mallory@evil.test/m'><x xmlns='jabber:x:conference' jid='${evil}'/></message>`);
    await until(() => it.sent.length > 1);
    it.deliver(claims(evil));
    it.deliver(presence(`${evil}/micro`, { codes: [110, 100] }));
    const asked = it.asked.length;
    expect(asked).toBeGreaterThan(1);
    await Promise.resolve();
    expect(it.rooms.find(evil)?.isIdentifying).toBe(false);
    expect(it.rooms.find(evil)?.occupant('boss')).toEqual({ nick: 'boss', jid: undefined, occupantId: undefined });
  });

  it.each([
    'mallory@chat.test',
    'mallory@people.chat.test',
  ])('is an account that plays at being one: %s', async (evil) => {
    const it = await inside(room, [], { invitations: 'anybody' });
    // The server answers in the place of an account.
    it.answer = () =>
      `<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='account' type='registered'/></query></iq>`;
    it.deliver(`<message from='mallory@chat.test/m'><x xmlns='jabber:x:conference' jid='${evil}'/></message>`);
    await until(() => it.sent.length > 1);
    it.deliver(claims(evil));
    it.deliver(presence(`${evil}/micro`, { codes: [110, 100] }));
    await Promise.resolve();
    expect(it.rooms.find(evil)?.isIdentifying).toBe(false);
    expect(it.rooms.find(evil)?.occupant('boss')?.jid).toBeUndefined();
  });

  it('is not one of our own server, nor one of the configuration', async () => {
    const own = await inside(room, ['muc_nonanonymous']);
    own.answer = () => features('muc_nonanonymous');
    own.rooms.join('new@other.chat.test');
    await until(() => own.sent.length > 1);
    own.deliver(claims('new@other.chat.test'));
    own.deliver(presence('new@other.chat.test/micro', { codes: [110] }));
    await until(() => own.rooms.find('new@other.chat.test')?.isIdentifying);
    expect(own.rooms.find('new@other.chat.test')?.occupant('boss')?.jid).toBe('boss@chat.test');
    const far = await inside('ops@rooms.partner.test', ['muc_nonanonymous']);
    far.deliver(claims('ops@rooms.partner.test'));
    expect(far.rooms.find('ops@rooms.partner.test')?.occupant('boss')?.jid).toBe('boss@chat.test');
  });

  it('does not know anybody while it does not say what it is', async () => {
    const { rooms, deliver } = await inside(room, undefined);
    deliver(presence(`${room}/alice`, { occupantId: 'a1' }));
    expect(rooms.find(room)?.isIdentifying).toBe(false);
    expect(rooms.find(room)?.occupant('alice')?.occupantId).toBeUndefined();
  });
});
