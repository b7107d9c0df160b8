import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { presence, refusal, type StandIn, standIn } from './stand-in.ts';

const room = 'ops@rooms.chat.test';
const quick = { minDelayMs: 2, maxDelayMs: 4 };

async function inside(options: Parameters<typeof standIn>[0] = {}): Promise<StandIn> {
  const it = standIn({ rooms: [room], timing: quick, ...options });
  it.login();
  await until(() => it.sent.length > 0);
  it.deliver(presence(`${room}/alice`, { jid: 'alice@chat.test/a' }));
  it.deliver(presence(`${room}/micro`, { codes: [110] }));
  expect(it.rooms.find(room)).toBeDefined();
  return it;
}

const gone = (codes: readonly number[], more = ''): string =>
  `<presence from='${room}/micro' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'>` +
  `<item affiliation='none' role='none'/>${more}${codes.map((code) => `<status code='${code}'/>`).join('')}</x></presence>`;

describe('put out of a room', () => {
  it.each([
    [[110]],
    [[110, 332]],
    [[110, 333]],
    [[110, 307, 333]],
    [[333]],
    [[]],
  ])('comes back after %j', async (codes) => {
    const { rooms, sent, deliver } = await inside();
    deliver(gone(codes));
    expect(rooms.find(room)).toBeUndefined();
    await until(() => sent.length > 1);
    expect(rooms.configured).toEqual([{ room, absence: expect.any(String) }]);
    deliver(presence(`${room}/micro`, { codes: [110] }));
    expect(rooms.configured).toEqual([{ room, absence: undefined }]);
    expect(rooms.find(room)?.occupant('alice')).toBeUndefined();
  });

  it.each([
    [[110, 301], 'banned'],
    [[110, 307], 'kicked'],
    [[307], 'kicked'],
    [[110, 321], 'may not be in the room'],
    [[110, 322], 'members only'],
    [[110, 301, 333], 'banned'],
  ])('stays away after %j, also with a new session, until it is asked in', async (codes, sentence) => {
    const { rooms, sent, log, deliver, login } = await inside();
    deliver(gone(codes));
    expect(rooms.find(room)).toBeUndefined();
    expect(log.told(sentence)).toHaveLength(1);
    expect(rooms.configured).toEqual([{ room, absence: expect.stringContaining(sentence) }]);
    login();
    rooms.join('marker@rooms.chat.test');
    await until(() => sent.length > 1);
    expect(sent[1]?.attrs['to']).toBe('marker@rooms.chat.test/micro');
    rooms.join(room);
    await until(() => sent.length > 2);
    expect(sent[2]?.attrs['to']).toBe(`${room}/micro`);
  });

  it('follows a destroyed room to its venue on our conference service, and remembers that', async () => {
    const saved: (readonly string[])[] = [];
    const keep = {
      load: () => Promise.resolve([]),
      save: (all: readonly string[]) => Promise.resolve(void saved.push(all)),
    };
    const { rooms, sent, log, deliver } = await inside({ keep });
    deliver(gone([110], `<destroy jid='New@rooms.chat.test'><reason>too small</reason></destroy>`));
    await until(() => sent.length > 1);
    expect(sent[1]?.attrs['to']).toBe('new@rooms.chat.test/micro');
    deliver(presence('new@rooms.chat.test/micro', { codes: [110] }));
    expect(rooms.all.map(({ jid }) => jid)).toEqual(['new@rooms.chat.test']);
    expect(log.told('another venue')[0]?.fields).toMatchObject({ venue: 'new@rooms.chat.test', reason: 'too small' });
    await until(() => saved.at(-1)?.join() === 'new@rooms.chat.test');
  });

  it.each(['new@rooms.elsewhere.test', 'not an address', room])('does not follow it to %j', async (venue) => {
    const { rooms, sent, log, deliver } = await inside();
    deliver(gone([110], `<destroy jid='${venue}'/>`));
    expect(log.told('we do not follow')).toHaveLength(1);
    rooms.join('marker@rooms.chat.test');
    await until(() => sent.length > 1);
    expect(sent).toHaveLength(2);
  });

  it('does not follow it to where we were kicked out', async () => {
    const venue = 'new@rooms.chat.test';
    const { rooms, sent, log, deliver } = await inside({ rooms: [room, venue] });
    await until(() => sent.length === 2);
    deliver(presence(`${venue}/micro`, { codes: [110] }));
    deliver(presence(`${venue}/micro`, { type: 'unavailable', codes: [110, 307] }));
    deliver(gone([110], `<destroy jid='${venue}'/>`));
    expect(log.told('does not want us')).toHaveLength(1);
    rooms.join('marker@rooms.chat.test');
    await until(() => sent.length > 2);
    expect(sent[2]?.attrs['to']).toBe('marker@rooms.chat.test/micro');
  });

  it('does not make a room anew that was destroyed', async () => {
    const { rooms, sent, log, deliver } = await inside();
    deliver(gone([110], `<destroy/>`));
    expect(log.told('destroyed')).toHaveLength(1);
    rooms.join('marker@rooms.chat.test');
    await until(() => sent.length > 1);
    expect(sent[1]?.attrs['to']).toBe('marker@rooms.chat.test/micro');
  });

  it('waits longer each time when it is lost again at once', async () => {
    const { sent, log, deliver } = await inside({ timing: { minDelayMs: 2, maxDelayMs: 10_000 } });
    for (let times = 1; times <= 5; times += 1) {
      deliver(gone([110, 333]));
      await until(() => sent.length > times);
      deliver(presence(`${room}/micro`, { codes: [110] }));
    }
    const waits = log.told('technical reason', ['debug', 'warn']).map(({ fields }) => Number(fields['delayMs']));
    expect(waits).toHaveLength(5);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(16);
  });
});

describe('leaving', () => {
  it('says goodbye to every room, in the words of the server’s style', async () => {
    const { rooms, sent, deliver } = await inside({ style: { farewell: 'so long' } });
    await rooms.close();
    expect(sent.at(-1)?.toString()).toContain('<status>so long</status>');
    expect(sent.at(-1)?.attrs).toMatchObject({ to: `${room}/micro`, type: 'unavailable' });
    expect(rooms.find(room)).toBeUndefined();
    expect(deliver(presence(`${room}/micro`, { codes: [110] }))).toBe(false);
  });

  it('ends while a server does not take the goodbye', async () => {
    const { rooms, login } = standIn({ rooms: [room], timing: { closeMs: 5 } });
    let count = 0;
    login().send = () => {
      count += 1;
      return new Promise<void>(() => {});
    };
    await until(() => count === 1);
    await rooms.close();
    expect(count).toBe(2);
    expect(rooms.all).toEqual([]);
  });

  it('forgets a room, and what still comes from it', async () => {
    const { rooms, sent, deliver } = await inside();
    rooms.leave(room);
    expect(sent.at(-1)?.attrs['type']).toBe('unavailable');
    expect(rooms.find(room)).toBeUndefined();
    expect(deliver(presence(`${room}/micro`, { type: 'unavailable', codes: [110] }))).toBe(false);
  });
});

describe('a session', () => {
  it('that begins anew finds us in no room, and brings us back', async () => {
    const { rooms, sent, login } = await inside();
    rooms.offline();
    expect(rooms.find(room)).toBeDefined();
    login();
    expect(rooms.find(room)).toBeUndefined();
    await until(() => sent.length > 1);
  });

  it('that goes on asks whether we are still in', async () => {
    const it = await inside();
    const session = it.login();
    await until(() => it.sent.length > 1);
    it.deliver(presence(`${room}/micro`, { codes: [110] }));
    const before = it.asked.length;
    it.answer = (request) => (request.getChild('ping') === undefined ? undefined : 'not-acceptable');
    it.rooms.offline();
    it.rooms.online(session, true);
    await until(() => it.sent.length > 2);
    expect(it.asked.slice(before).some((request) => request.attrs['to'] === `${room}/micro`)).toBe(true);
    it.deliver(refusal(`${room}/micro`, String(it.sent[2]?.attrs['id']), 'forbidden'));
    expect(it.rooms.find(room)).toBeUndefined();
  });
});
