import type { Element } from '@xmpp/xml';
import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { presence, standIn } from './stand-in.ts';

const conference = 'rooms.chat.test';
const items = (...jids: readonly string[]): string =>
  `<iq type='result'><query xmlns='http://jabber.org/protocol/disco#items'>${jids
    .map((jid) => `<item jid='${jid}' name='${jid}'/>`)
    .join('')}{}</query></iq>`;
const whole = (...jids: readonly string[]): string => items(...jids).replace('{}', '');

const isItems = (request: Element): boolean =>
  request.getChild('query', 'http://jabber.org/protocol/disco#items') !== undefined;

const joins = (it: ReturnType<typeof standIn>): readonly string[] => it.sent.map(({ attrs }) => String(attrs['to']));

describe('every room of a service', () => {
  it('is joined, and those that come later', async () => {
    const it = standIn({ conference, all: true, timing: { listMs: 2 } });
    let list = whole('a@rooms.chat.test');
    it.answer = (request) => (isItems(request) ? list : 'item-not-found');
    it.login();
    await until(() => joins(it).join() === 'a@rooms.chat.test/micro');
    list = whole('a@rooms.chat.test', 'b@rooms.chat.test', 'c@rooms.evil.test', 'rooms.chat.test', '');
    await until(() => joins(it).length === 2);
    const looks = it.asked.filter(isItems).length;
    await until(() => it.asked.filter(isItems).length > looks + 1);
    expect(joins(it)).toEqual(['a@rooms.chat.test/micro', 'b@rooms.chat.test/micro']);
  });

  it('is not joined again when we were told to leave, or put out', async () => {
    const it = standIn({ conference, all: true, timing: { listMs: 2 } });
    it.answer = (request) => (isItems(request) ? whole('a@rooms.chat.test', 'b@rooms.chat.test') : 'item-not-found');
    it.login();
    await until(() => it.sent.length === 2);
    it.deliver(presence('a@rooms.chat.test/micro', { codes: [110] }));
    it.deliver(presence('b@rooms.chat.test/micro', { codes: [110] }));
    it.rooms.leave('a');
    it.deliver(presence('b@rooms.chat.test/micro', { type: 'unavailable', codes: [110, 307] }));
    const looks = it.asked.filter(isItems).length;
    await until(() => it.asked.filter(isItems).length > looks + 1);
    expect(it.sent).toHaveLength(3);
    expect(it.sent[2]?.attrs['type']).toBe('unavailable');
  });

  it('is found on several pages, and a list without an end has one', async () => {
    const it = standIn({ conference, all: true, timing: { listMs: 60_000 } });
    let page = 0;
    it.answer = (request) => {
      if (!isItems(request)) return 'item-not-found';
      page += 1;
      const set = `<set xmlns='http://jabber.org/protocol/rsm'><last>${page}</last></set>`;
      return items(`r${page}@rooms.chat.test`).replace('{}', set);
    };
    it.login();
    for (let done = 0; done < 20; done += 1) {
      await until(() => it.sent.length > done);
      it.deliver(presence(String(it.sent[done]?.attrs['to']), { codes: [110] }));
    }
    expect(it.rooms.all).toHaveLength(20);
    expect(page).toBe(20);
  });

  it('is asked for again when the service does not answer', async () => {
    const it = standIn({ conference, all: true, timing: { listMs: 2 } });
    let answer = 'service-unavailable';
    it.answer = (request) => (isItems(request) ? answer : 'item-not-found');
    it.login();
    await until(() => it.asked.length > 3);
    expect(it.log.told('does not list its rooms')).toHaveLength(1);
    answer = whole('a@rooms.chat.test');
    await until(() => it.sent.length === 1);
  });

  it('can be sorted out by the style of the server', async () => {
    const style = { isWanted: (item: Element) => item.attrs['jid'] !== 'old@rooms.chat.test' };
    const it = standIn({ conference, all: true, style });
    it.answer = (request) => (isItems(request) ? whole('old@rooms.chat.test', 'a@rooms.chat.test') : 'item-not-found');
    it.login();
    await until(() => it.sent.length > 0);
    expect(joins(it)).toEqual(['a@rooms.chat.test/micro']);
  });

  it('needs to be told which service', () => {
    expect(() => standIn({ all: true })).toThrow(expect.objectContaining({ code: 'config' }));
  });
});

describe('a nick that only the server knows', () => {
  it('is asked for until it is told', async () => {
    let tries = 0;
    const nick = (): Promise<string> => {
      tries += 1;
      return tries < 3 ? Promise.reject(new Error('not now')) : Promise.resolve('Micro Bot');
    };
    const it = standIn({ rooms: ['a@rooms.chat.test'], style: { nick }, timing: { minDelayMs: 2 } });
    it.login();
    await until(() => it.sent.length > 0);
    expect(joins(it)).toEqual(['a@rooms.chat.test/Micro Bot']);
    expect(it.log.told('what we are called')).toHaveLength(1);
  });
});
