import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bareOf,
  domainOf,
  isRoomAddress,
  readWanted,
  resourceOf,
  writeWanted,
} from '../../../../src/inputs/xmpp/rooms/address.ts';
import { until } from '../../../support/until.ts';
import { features, parse, presence, standIn } from './stand-in.ts';

const room = 'ops@rooms.chat.test';

describe('a crowd', () => {
  it('is known up to a limit; who is beyond it is nobody', async () => {
    const it = standIn({ rooms: [room], mostOccupants: 100 });
    it.answer = () => features('muc_nonanonymous');
    it.login();
    await until(() => it.sent.length > 0);
    for (let index = 0; index < 5_000; index += 1)
      it.deliver(presence(`${room}/n${index}`, { jid: `u${index}@chat.test/x` }));
    it.deliver(presence(`${room}/micro`, { codes: [110] }));
    const found = await until(() => it.rooms.find(room));
    expect(found.occupant('n99')?.jid).toBe('u99@chat.test');
    expect(found.occupant('n100')).toBeUndefined();
    expect(it.log.told('more people')).toHaveLength(1);
    it.deliver(presence(`${room}/n0`, { type: 'unavailable' }));
    it.deliver(presence(`${room}/late`, { jid: 'late@chat.test/x' }));
    expect(found.occupant('late')?.jid).toBe('late@chat.test');
    it.deliver(presence(`${room}/n5`, { jid: 'other@chat.test/x' }));
    expect(found.occupant('n5')?.jid).toBe('other@chat.test');
  });

  it('of many rooms is known up to a limit, too, and makes room for others when it leaves', async () => {
    const many = Array.from({ length: 12 }, (_, index) => `room-${index}@rooms.chat.test`);
    const it = standIn({ rooms: many, mostOccupants: 10 });
    it.login();
    await until(() => it.sent.length === 12);
    for (const jid of many) {
      for (let index = 0; index < 10; index += 1)
        it.deliver(presence(`${jid}/n${index}`, { jid: `u${index}@chat.test/x` }));
      it.deliver(presence(`${jid}/micro`, { codes: [110] }));
    }
    const known = (): number => many.filter((jid) => it.rooms.find(jid)?.occupant('n9') !== undefined).length;
    expect(known()).toBe(10);
    it.rooms.leave(many[0] ?? '');
    it.deliver(presence(`${many[11]}/n9`, { jid: 'late@chat.test/x' }));
    expect(known()).toBe(10);
    expect(it.rooms.find(many[11] ?? '')?.occupant('n9')?.jid).toBe('late@chat.test');
  });

  it('with names of a size that no server allows is not remembered', async () => {
    const it = standIn({ rooms: [room] });
    it.answer = () => features('muc_nonanonymous', 'urn:xmpp:occupant-id:0');
    it.login();
    await until(() => it.sent.length > 0);
    it.deliver(presence(`${room}/micro`, { codes: [110] }));
    const long = 'x'.repeat(100_000);
    it.deliver(presence(`${room}/${long}`, { jid: 'u@chat.test/x' }));
    it.deliver(presence(`${room}/a`, { jid: `${long}@chat.test/x`, occupantId: long }));
    const found = await until(() => it.rooms.find(room)?.isIdentifying === true && it.rooms.find(room));
    expect(found.occupant(long)).toBeUndefined();
    expect(found.occupant('a')).toEqual({ nick: 'a', jid: undefined, occupantId: undefined });
  });

  it('that comes and goes makes us say nothing', async () => {
    const it = standIn({ rooms: [room] });
    it.login();
    await until(() => it.sent.length > 0);
    it.deliver(presence(`${room}/micro`, { codes: [110] }));
    const asked = it.asked.length;
    for (let index = 0; index < 5_000; index += 1) {
      it.deliver(presence(`${room}/n`, { jid: 'u@chat.test/x' }));
      it.deliver(presence(`${room}/n`, { type: 'unavailable' }));
    }
    const notice = `<message from='${room}' type='groupchat'><x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x></message>`;
    for (let index = 0; index < 1_000; index += 1) it.deliver(notice);
    expect(it.sent).toHaveLength(1);
    expect(it.asked.length - asked).toBeLessThan(3);
  });
});

describe('stanzas of any shape', () => {
  const names = [
    'presence',
    'message',
    'iq',
    'x',
    'item',
    'status',
    'destroy',
    'invite',
    'query',
    'error',
    'subject',
    'body',
  ];
  const spaces = [
    'http://jabber.org/protocol/muc#user',
    'jabber:x:conference',
    'urn:xmpp:occupant-id:0',
    'jabber:client',
  ];
  const words = [
    '',
    room,
    `${room}/micro`,
    `${room}/a`,
    'error',
    'unavailable',
    'groupchat',
    '110',
    '303',
    '307',
    '__proto__',
    'a@b@c/d',
  ];
  const attributes = fc.dictionary(
    fc.constantFrom('from', 'to', 'type', 'id', 'jid', 'code', 'nick', 'role', 'reason'),
    fc.constantFrom(...words),
  );
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc
      .tuple(
        fc.constantFrom(...names),
        fc.option(fc.constantFrom(...spaces), { nil: undefined }),
        attributes,
        fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('node'), { maxLength: 4 })),
      )
      .map(([name, space, attrs, children]) => {
        const all = { ...(space === undefined ? {} : { xmlns: space }), ...attrs };
        const written = Object.entries(all).map(([key, value]) => ` ${key}='${value}'`);
        return `<${name}${written.join('')}>${children.join('')}</${name}>`;
      }),
  }));

  it('never throw', async () => {
    const it = standIn({ rooms: [room], invitations: 'anybody', mostRooms: 50 });
    it.login();
    await until(() => it.sent.length > 0);
    it.deliver(presence(`${room}/micro`, { codes: [110] }));
    fc.assert(
      fc.property(node, (xml) => {
        expect(typeof it.deliver(xml)).toBe('boolean');
      }),
      { numRuns: 3_000 },
    );
    await it.rooms.close();
  });

  it('that are subscriptions, probes or questions are none of ours', async () => {
    const it = standIn({ rooms: [room] });
    it.login();
    for (const type of ['subscribe', 'probe', 'subscribed']) {
      expect(it.deliver(`<presence from='alice@chat.test' type='${type}'/>`)).toBe(false);
      expect(it.deliver(`<presence from='${room}' type='${type}'/>`)).toBe(false);
    }
    expect(it.deliver(`<iq from='${room}' type='get' id='1'><query xmlns='jabber:iq:version'/></iq>`)).toBe(false);
    expect(it.deliver(`<message from='${room}/alice' type='groupchat'><body>micro help</body></message>`)).toBe(false);
    expect(it.deliver(`<message from='${room}/alice' type='groupchat'><subject>today</subject></message>`)).toBe(true);
  });
});

describe('addresses', () => {
  it('are read as they were written', () => {
    const part = fc.stringMatching(/^[a-z0-9._-]{1,20}$/);
    fc.assert(
      fc.property(part, part, fc.option(fc.string(), { nil: undefined }), (local, domain, password) => {
        const wanted = { jid: `${local}@${domain}`, password };
        expect(readWanted(writeWanted(wanted), undefined)).toEqual(wanted);
      }),
    );
  });

  it('never throw, and a nick is never changed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        bareOf(text);
        domainOf(text);
        isRoomAddress(text);
        expect(resourceOf(`${room}/${text}`)).toBe(text);
      }),
    );
    expect(parse(`<presence from='${room}/ a '/>`).attrs['from']).toBe(`${room}/ a `);
  });
});
