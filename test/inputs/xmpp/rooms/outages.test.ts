import { afterAll, beforeAll, expect, it } from 'vitest';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import { eachKind, startServer } from '../../../support/xmpp/each-server.ts';
import type { XmppServer } from '../../../support/xmpp/server.ts';
import { live } from './live.ts';

eachKind('rooms and outages', (kind) => {
  let server: XmppServer;
  beforeAll(async () => {
    server = await startServer(kind);
  });
  afterAll(() => server.close());

  const at = (name: string): string => `${name}@${server.conference}`;
  const inTheRoom = (name: string): Promise<readonly string[]> =>
    server.admin.occupants(name).then((all) => all.map(({ nick }) => nick));

  it('is back after the server was restarted, and after it was killed', async () => {
    const name = unique('restart');
    await server.admin.createRoom(name);
    const bot = await live(server, { rooms: [name] });
    await bot.inside(at(name));
    await server.restart();
    await until(() => bot.sessions.length === 2);
    await bot.inside(at(name));
    expect(await inTheRoom(name)).toEqual(['micro']);
    await server.kill();
    await server.restart();
    await until(() => bot.sessions.length === 3);
    await bot.inside(at(name));
    expect(await inTheRoom(name)).toEqual(['micro']);
    expect(bot.log.told('kicked')).toEqual([]);
  });

  it('stays in its rooms over a cut', async () => {
    const name = unique('cut');
    await server.admin.createRoom(name, { identities: 'anyone' });
    const bot = await live(server, { rooms: [name] });
    const room = await bot.inside(at(name));
    await until(() => room.isIdentifying);
    const before = server.connections;
    server.cut();
    await until(() => server.connections > before);
    await until(() => bot.rooms.find(at(name))?.isIdentifying);
    expect(bot.sessions).toHaveLength(1);
    expect(bot.log.told('in the room', ['info'])).toHaveLength(1);
    expect(await inTheRoom(name)).toEqual(['micro']);
  });

  it('learns after a cut that it was kicked meanwhile', async () => {
    const name = unique('kicked');
    await server.admin.createRoom(name);
    const bot = await live(server, { rooms: [name] });
    await bot.inside(at(name));
    server.shut();
    await server.admin.kick(name, 'micro');
    server.restore();
    await until(() => bot.log.told('kicked').length === 1);
    expect(bot.rooms.find(at(name))).toBeUndefined();
    expect(await inTheRoom(name)).toEqual([]);
  });

  it('is back after a network that swallowed everything', async () => {
    const name = unique('stall');
    await server.admin.createRoom(name);
    const bot = await live(server, { rooms: [name] });
    await bot.inside(at(name));
    const before = server.connections;
    server.stall();
    await until(() => server.connections > before);
    server.restore();
    await until(async () => bot.rooms.find(at(name)) !== undefined && (await inTheRoom(name)).join() === 'micro');
  });

  it('comes again in a new process while the old one’s stream still waits to be resumed', async () => {
    const name = unique('ghost');
    await server.admin.createRoom(name);
    const keep = new Map<string, readonly string[]>();
    const kept = {
      load: () => Promise.resolve(keep.get('rooms') ?? []),
      save: (rooms: readonly string[]) => Promise.resolve(void keep.set('rooms', rooms)),
    };
    const old = await live(server, { keep: kept });
    old.rooms.join(name);
    await old.inside(at(name));
    await until(() => keep.get('rooms')?.length === 1);
    server.shut();
    const next = live(server, { keep: kept }, old.user);
    server.restore();
    const bot = await next;
    await bot.inside(at(name), 'micro');
  });
});
