import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { presence, refusal, standIn } from './stand-in.ts';

const room = 'ops@rooms.chat.test';
const quick = { minDelayMs: 2, maxDelayMs: 4, slowMinDelayMs: 2, slowMaxDelayMs: 4 };

const attr = (of: { attrs: Record<string, unknown> } | undefined, name: string): string => String(of?.attrs[name]);

describe('joining', () => {
  it('asks for no history, and is in with its own presence only', async () => {
    const { rooms, sent, deliver, login } = standIn({ rooms: [room] });
    login();
    const [join] = await until(() => sent.length > 0 && sent);
    expect(join?.toString()).toContain('<history maxstanzas="0"/>');
    expect(attr(join, 'to')).toBe(`${room}/micro`);
    expect(deliver(presence(`${room}/alice`, { jid: 'alice@chat.test/a' }))).toBe(true);
    expect(rooms.find(room)).toBeUndefined();
    deliver(presence(`${room}/micro`, { jid: 'bot@chat.test/here', codes: [110] }));
    expect(rooms.find('OPS@rooms.chat.test')?.occupant('alice')?.jid).toBe('alice@chat.test');
    expect(rooms.all.map(({ jid }) => jid)).toEqual([room]);
  });

  it('knows itself by its address where the room does not say that it is us', async () => {
    const { rooms, sent, deliver, login } = standIn({ rooms: [room] });
    login();
    await until(() => sent.length > 0);
    deliver(presence(`${room}/micro`, { jid: 'bot@chat.test/elsewhere' }));
    expect(rooms.find(room)).toBeUndefined();
    deliver(presence(`${room}/micro`, { jid: 'bot@chat.test/here' }));
    expect(rooms.find(room)?.nick).toBe('micro');
  });

  it('tries again when the room says nothing, and takes the answer that comes late', async () => {
    const { rooms, sent, log, deliver, login } = standIn({ rooms: [room], timing: { ...quick, joinMs: 5 } });
    login();
    await until(() => sent.length >= 3);
    expect(log.told('did not answer')).toHaveLength(1);
    deliver(presence(`${room}/micro`, { codes: [110] }));
    expect(rooms.find(room)).toBeDefined();
  });

  it('takes over the nick that the room gives it', async () => {
    const { rooms, sent, deliver, login } = standIn({ rooms: [room], timing: { nickMs: 1, nickGapMs: 1 } });
    login();
    await until(() => sent.length > 0);
    deliver(presence(`${room}/Micro Bot`, { codes: [110, 210] }));
    expect(rooms.find(room)?.nick).toBe('Micro Bot');
    deliver(presence(`${room}/Micro Bot`, { type: 'unavailable', codes: [303, 110], newNick: 'robot' }));
    expect(rooms.find(room)?.nick).toBe('robot');
    deliver(presence(`${room}/robot`, { codes: [110] }));
    expect(rooms.find(room)?.nick).toBe('robot');
    expect(sent).toHaveLength(1);
  });

  it('gives a password, and never to the log', async () => {
    const { sent, log, deliver, login } = standIn({
      rooms: [`ops?s3cret?`],
      conference: 'rooms.chat.test',
      timing: quick,
    });
    login();
    const [join] = await until(() => sent.length > 0 && sent);
    expect(join?.toString()).toContain('<password>s3cret?</password>');
    deliver(refusal(`${room}/micro`, attr(join, 'id'), 'not-authorized'));
    await until(() => sent.length > 1);
    expect(log.told('wants a password')).toHaveLength(1);
    expect(JSON.stringify(log.lines)).not.toContain('s3cret');
  });

  it.each([
    '',
    'ops',
    'ops@',
    '@rooms.chat.test',
    'a b@rooms.chat.test',
    'ops@rooms.chat.test/nick',
    'a@b@c',
  ])('does not take %j for a room', (text) => {
    expect(() => standIn({ rooms: [text] })).toThrow(expect.objectContaining({ code: 'config' }));
  });

  it('enters no more than a few at the same time', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `room-${index}@rooms.chat.test`);
    const { rooms, sent, deliver, login } = standIn({ rooms: many });
    login();
    await until(() => sent.length > 0);
    let most = 0;
    for (let done = 0; done < 100; done += 1) {
      await until(() => sent.length > done);
      most = Math.max(most, sent.length - done);
      deliver(presence(attr(sent[done], 'to'), { codes: [110] }));
    }
    expect(most).toBe(16);
    expect(rooms.all).toHaveLength(100);
  });
});

describe('a nick that is taken', () => {
  it('is replaced, and taken when its owner leaves', async () => {
    const { rooms, sent, deliver, login } = standIn({ rooms: [room], timing: { nickGapMs: 1 } });
    login();
    const conflict = (): boolean => deliver(refusal(attr(sent.at(-1), 'to'), attr(sent.at(-1), 'id'), 'conflict'));
    await until(() => sent.length === 1);
    conflict();
    await until(() => sent.length === 2);
    conflict();
    await until(() => sent.length === 3);
    expect(sent.map((stanza) => attr(stanza, 'to'))).toEqual([`${room}/micro`, `${room}/micro_`, `${room}/micro_2`]);
    deliver(presence(`${room}/micro`, { jid: 'mallory@chat.test/m' }));
    deliver(presence(`${room}/micro_2`, { codes: [110] }));
    expect(rooms.find(room)?.nick).toBe('micro_2');
    deliver(presence(`${room}/micro`, { type: 'unavailable' }));
    await until(() => sent.length === 4);
    expect(attr(sent[3], 'to')).toBe(`${room}/micro`);
    expect(sent[3]?.getChild('x')).toBeUndefined();
    deliver(presence(`${room}/micro_2`, { type: 'unavailable', codes: [110, 303], newNick: 'micro' }));
    deliver(presence(`${room}/micro`, { codes: [110] }));
    expect(rooms.find(room)?.nick).toBe('micro');
  });

  it('is asked for again later, and we stay in when that is refused', async () => {
    const { rooms, sent, deliver, login } = standIn({ rooms: [room], timing: { nickMs: 2, nickGapMs: 1 } });
    login();
    await until(() => sent.length === 1);
    deliver(refusal(`${room}/micro`, attr(sent[0], 'id'), 'conflict'));
    await until(() => sent.length === 2);
    deliver(presence(`${room}/micro_`, { codes: [110] }));
    for (let times = 2; times < 5; times += 1) {
      await until(() => sent.length > times);
      deliver(refusal(`${room}/micro`, attr(sent[times], 'id'), 'conflict'));
    }
    expect(rooms.find(room)?.nick).toBe('micro_');
  });

  it('is not asked for each time when somebody comes and goes with it', async () => {
    const { rooms, sent, deliver, login } = standIn({ rooms: [room] });
    login();
    await until(() => sent.length === 1);
    deliver(refusal(`${room}/micro`, attr(sent[0], 'id'), 'conflict'));
    await until(() => sent.length === 2);
    deliver(presence(`${room}/micro_`, { codes: [110] }));
    for (let times = 0; times < 500; times += 1) {
      deliver(presence(`${room}/micro`));
      deliver(presence(`${room}/micro`, { type: 'unavailable' }));
    }
    await until(() => sent.length === 3);
    for (let times = 0; times < 500; times += 1) deliver(presence(`${room}/micro`, { type: 'unavailable' }));
    await rooms.close();
    expect(sent).toHaveLength(4);
  });

  it('is asked for once more when it is freed just after we asked', async () => {
    const { sent, deliver, login } = standIn({ rooms: [room], timing: { nickGapMs: 20 } });
    login();
    await until(() => sent.length === 1);
    deliver(refusal(`${room}/micro`, attr(sent[0], 'id'), 'conflict'));
    await until(() => sent.length === 2);
    deliver(presence(`${room}/micro_`, { codes: [110] }));
    deliver(presence(`${room}/micro`, { type: 'unavailable' }));
    await until(() => sent.length === 3);
    deliver(refusal(`${room}/micro`, attr(sent[2], 'id'), 'conflict'));
    deliver(presence(`${room}/micro`, { type: 'unavailable' }));
    await until(() => sent.length === 4);
    expect(attr(sent[3], 'to')).toBe(`${room}/micro`);
  });

  it('is the only one where the server wants it so', async () => {
    const style = { nick: () => Promise.resolve('Micro Bot'), presence: [] };
    const { sent, log, deliver, login } = standIn({ rooms: [room], timing: quick, style });
    login();
    for (let times = 0; times < 3; times += 1) {
      await until(() => sent.length > times);
      deliver(refusal(`${room}/Micro Bot`, attr(sent[times], 'id'), 'conflict'));
    }
    expect(new Set(sent.map((stanza) => attr(stanza, 'to')))).toEqual(new Set([`${room}/Micro Bot`]));
    expect(log.told('somebody else’s')).toHaveLength(1);
  });
});

describe('a room that does not let us in', () => {
  it.each([
    ['not-authorized', 'wants a password'],
    ['registration-required', 'for its members only'],
    ['service-unavailable', 'is full'],
    ['item-not-found', 'is locked'],
    ['not-allowed', 'may not create it'],
    ['not-acceptable', 'registered'],
    ['jid-malformed', 'address'],
    ['remote-server-not-found', 'can not be reached'],
    ['remote-server-timeout', 'can not be reached'],
    ['resource-constraint', 'too much to do'],
    ['undefined-condition', 'did not let us in'],
  ])('is told once and tried again: %s', async (condition, sentence) => {
    const { rooms, sent, log, deliver, login } = standIn({ rooms: [room], timing: quick });
    login();
    for (let times = 0; times < 3; times += 1) {
      await until(() => sent.length > times);
      deliver(refusal(`${room}/micro`, attr(sent[times], 'id'), condition));
    }
    await until(() => sent.length > 3);
    deliver(presence(`${room}/micro`, { codes: [110] }));
    expect(rooms.find(room)).toBeDefined();
    expect(log.told(sentence)).toHaveLength(1);
  });

  it('is not tried again after a ban, until somebody asks for it', async () => {
    const { rooms, sent, log, deliver, login } = standIn({ rooms: [room], timing: quick });
    login();
    await until(() => sent.length > 0);
    deliver(refusal(`${room}/micro`, attr(sent[0], 'id'), 'forbidden'));
    expect(log.told('banned')).toHaveLength(1);
    deliver(presence(`${room}/micro`, { codes: [110] }));
    expect(rooms.find(room)).toBeUndefined();
    login();
    rooms.join('other@rooms.chat.test');
    await until(() => sent.length > 1);
    expect(sent.map((stanza) => attr(stanza, 'to'))).toEqual([`${room}/micro`, 'other@rooms.chat.test/micro']);
    rooms.join(room);
    await until(() => sent.length > 2);
    expect(attr(sent[2], 'to')).toBe(`${room}/micro`);
  });

  it('is not judged by the answer to something older', async () => {
    const { rooms, sent, log, deliver, login } = standIn({ rooms: [room], timing: quick });
    login();
    await until(() => sent.length > 0);
    deliver(refusal(`${room}/micro`, 'another', 'forbidden'));
    deliver(presence(`${room}/micro`, { type: 'unavailable', codes: [110] }));
    deliver(presence(`${room}/micro`, { codes: [110] }));
    expect(rooms.find(room)).toBeDefined();
    expect(log.told('', ['warn'])).toEqual([]);
  });
});
