import { describe, expect, it } from 'vitest';
import type { Keep } from '../../../../src/inputs/xmpp/rooms/kept.ts';
import { until } from '../../../support/until.ts';
import { presence, standIn } from './stand-in.ts';

interface Shelf extends Keep {
  rooms: readonly string[];
  broken: 'load' | 'save' | undefined;
}

function shelf(...rooms: readonly string[]): Shelf {
  const it: Shelf = {
    rooms,
    broken: undefined,
    load: () => (it.broken === 'load' ? Promise.reject(new Error('no disk')) : Promise.resolve(it.rooms)),
    save(all) {
      if (it.broken === 'save') return Promise.reject(new Error('no disk'));
      it.rooms = all;
      return Promise.resolve();
    },
  };
  return it;
}

const joins = (it: ReturnType<typeof standIn>): readonly string[] =>
  it.sent.filter(({ attrs }) => attrs['type'] === undefined).map(({ attrs }) => String(attrs['to']));

describe('the list of rooms', () => {
  it('has those that we were asked into, and brings us back after a restart', async () => {
    const keep = shelf();
    const before = standIn({ rooms: ['set@rooms.chat.test'], keep });
    before.login();
    before.rooms.join('a@rooms.chat.test?pw');
    before.rooms.join('b@rooms.chat.test');
    before.rooms.join('set@rooms.chat.test');
    await until(() => keep.rooms.join() === 'a@rooms.chat.test?pw,b@rooms.chat.test');
    await before.rooms.close();
    const after = standIn({ rooms: ['set@rooms.chat.test'], keep });
    after.login();
    await until(() => after.sent.length === 3);
    expect(joins(after)).toEqual(['set@rooms.chat.test/micro', 'a@rooms.chat.test/micro', 'b@rooms.chat.test/micro']);
    expect(after.sent[1]?.toString()).toContain('<password>pw</password>');
  });

  it.each([
    ['left', undefined],
    ['kicked out of', 307],
    ['banned from', 301],
  ])('forgets a room that we were %s', async (_, code) => {
    const keep = shelf('a@rooms.chat.test', 'b@rooms.chat.test');
    const it = standIn({ keep });
    it.login();
    await until(() => it.sent.length === 2);
    it.deliver(presence('a@rooms.chat.test/micro', { codes: [110] }));
    if (code === undefined) it.rooms.leave('a@rooms.chat.test');
    else it.deliver(presence('a@rooms.chat.test/micro', { type: 'unavailable', codes: [110, code] }));
    await until(() => keep.rooms.join() === 'b@rooms.chat.test');
  });

  it('is not written over while it could not be read', async () => {
    const keep = shelf('a@rooms.chat.test', 'c@rooms.chat.test');
    keep.broken = 'load';
    const it = standIn({ keep });
    it.login();
    await until(() => it.log.told('could not be read').length === 1);
    it.rooms.join('b@rooms.chat.test');
    it.rooms.leave('c@rooms.chat.test');
    await until(() => joins(it).length === 1);
    expect(keep.rooms).toEqual(['a@rooms.chat.test', 'c@rooms.chat.test']);
    keep.broken = undefined;
    it.login();
    await until(() => keep.rooms.join() === 'b@rooms.chat.test,a@rooms.chat.test');
  });

  it('does not stop us when it can not be written, and is written later', async () => {
    const keep = shelf();
    keep.broken = 'save';
    const it = standIn({ keep });
    it.login();
    await until(() => keep.rooms);
    it.rooms.join('a@rooms.chat.test');
    await until(() => it.log.told('was not saved').length === 1);
    keep.broken = undefined;
    it.rooms.join('b@rooms.chat.test');
    await until(() => keep.rooms.length === 2);
  });

  it('may hold what is no room, which is passed over', async () => {
    const keep = shelf('nonsense', '', 'a@rooms.chat.test', 'x y@z');
    const it = standIn({ keep });
    it.login();
    await until(() => keep.rooms.join() === 'a@rooms.chat.test');
    expect(joins(it)).toEqual(['a@rooms.chat.test/micro']);
  });
});
