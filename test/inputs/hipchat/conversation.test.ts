import { createElement as xml } from '@xmpp/xml';
import { describe, expect, it, onTestFinished } from 'vitest';
import { text } from '../../../src/document/document.ts';
import { until } from '../../support/until.ts';
import { type FakeHipchat, startFakeHipchat } from './fake/hipchat.ts';
import { asim, eve, lobby, newWorld, type World } from './fake/world.ts';
import { type Scene, type SceneOptions, scene } from './scene.ts';

const vault = '1_vault@conf.hipchat.test';

/** On a stand-in: no server that can be had has what HipChat has beyond XMPP. */
async function onHipchat(
  options: Partial<SceneOptions> = {},
  more: Partial<World> = {},
): Promise<Scene & { readonly fake: FakeHipchat }> {
  const fake = await startFakeHipchat(newWorld(more));
  onTestFinished(() => fake[Symbol.asyncDispose]());
  const { bot, password } = fake.world;
  const it = scene({ username: bot.jid, password, server: fake.server, insecure: true, ...options });
  await until(() => fake.joins.length > 0);
  return { ...it, fake };
}

const joined = (fake: FakeHipchat): readonly string[] => fake.joins.map(({ attrs }) => String(attrs['to']));

describe('rooms of HipChat', () => {
  it('are joined all but those in the archive, by the full name, without history', async () => {
    const { fake } = await onHipchat();
    expect(joined(fake)).toEqual([`${lobby.jid}/Micro Bot`]);
    const [join] = fake.joins;
    expect(join?.toString()).toContain('<history maxstanzas="0"/>');
    expect(join?.getChild('c')?.attrs['node']).toBe('http://hipchat.com/client/bot');
    expect(fake.presences[0]?.getChildText('show')).toBe('chat');
    expect(fake.presences[0]?.getChild('c')?.attrs['node']).toBe('http://hipchat.com/client/bot');
  });

  it('are joined as they come: those that came meanwhile with the next login', async () => {
    const { fake } = await onHipchat();
    fake.world.rooms.push({ jid: '1_new@conf.hipchat.test', name: 'New', id: '4714' });
    fake.cut();
    await until(() => joined(fake).includes('1_new@conf.hipchat.test/Micro Bot'));
  });

  it('are those of the list, when there is one, by the names that people have for them', async () => {
    const { fake } = await onHipchat({ rooms: ['Lobby', 'Vault'] });
    fake.world.rooms.push({ jid: '1_new@conf.hipchat.test', name: 'New', id: '4714' });
    await until(() => fake.joins.length === 2);
    expect(joined(fake)).toEqual([`${lobby.jid}/Micro Bot`, `${vault}/Micro Bot`]);
    expect(fake.world.asked.get('http://jabber.org/protocol/disco#items')).toBeUndefined();
  });

  it('that are private are joined by invitation, and answered in', async () => {
    const { fake } = await onHipchat();
    fake.invite(vault, asim);
    await until(() => joined(fake).includes(`${vault}/Micro Bot`));
    fake.say(vault, asim, '@Micro ping');
    await until(() => fake.heard.length > 0);
    expect(fake.heard).toEqual([{ to: vault, type: 'groupchat', body: '@Asim: pong' }]);
  });

  it('are left with a word', async () => {
    const { fake, leave } = await onHipchat();
    await leave();
    expect(fake.farewells).toEqual([`${lobby.jid} hc-leave`]);
  });
});

describe('what is said on HipChat', () => {
  it('is answered where the bot is mentioned, once, and nowhere else', async () => {
    const { fake, heard } = await onHipchat();
    fake.say(lobby.jid, asim, 'ping');
    fake.say(lobby.jid, asim, 'ping @Micro');
    fake.say(lobby.jid, eve, '@MICRO ping');
    fake.say(lobby.jid, asim, 'Micro: ping');
    await until(() => fake.heard.length >= 2);
    expect(fake.heard.map(({ body }) => body)).toEqual(['@Eve: pong', '@Asim: pong']);
    expect(heard.map(({ sender }) => sender.id)).toEqual([eve.jid, asim.jid]);
  });

  it('is answered to a person alone, mentioned or not', async () => {
    const { fake } = await onHipchat();
    fake.tell(asim, 'ping');
    fake.tell(asim, '@Micro ping');
    await until(() => fake.heard.length >= 2);
    expect(fake.heard.every(({ to, type, body }) => to === asim.jid && type === 'chat' && body === 'pong')).toBe(true);
  });

  it('is answered once after many a reconnect, and people are asked for once a login', async () => {
    const { fake } = await onHipchat();
    for (let times = 1; times <= 2; times += 1) {
      fake.cut();
      await until(() => fake.logins.length === times + 1 && fake.joins.length === times + 1);
    }
    fake.say(lobby.jid, asim, '@Micro ping');
    fake.tell(asim, 'ping');
    await until(() => fake.heard.length >= 2);
    expect(fake.heard.map(({ body }) => body).toSorted()).toEqual(['@Asim: pong', 'pong']);
    expect(fake.world.asked.get('jabber:iq:roster')).toBe(3);
  });

  it('is answered by names as they are now', async () => {
    const { fake } = await onHipchat();
    const item = xml('item', { jid: asim.jid, name: asim.name, mention_name: 'AsimA', subscription: 'both' });
    fake.send(xml('iq', { type: 'set', id: 'push' }, xml('query', { xmlns: 'jabber:iq:roster' }, item)));
    fake.say(lobby.jid, asim, '@Micro ping');
    await until(() => fake.heard.length > 0);
    expect(fake.heard[0]?.body).toBe('@AsimA: pong');
  });

  it('is answered by no name that somebody else made up', async () => {
    const { fake } = await onHipchat();
    const item = xml('item', { jid: asim.jid, name: asim.name, mention_name: 'all', subscription: 'both' });
    const query = xml('query', { xmlns: 'jabber:iq:roster' }, item);
    fake.send(xml('iq', { type: 'set', id: 'push', from: `${eve.jid}/x` }, query));
    fake.say(lobby.jid, asim, '@Micro ping');
    await until(() => fake.heard.length > 0);
    expect(fake.heard[0]?.body).toBe('@Asim: pong');
  });

  it('asks again for people it does not know, but not all the time', async () => {
    const { fake } = await onHipchat({ timing: { everyMs: 0 } });
    const newcomer = { jid: '1_9@chat.hipchat.test', name: 'New Comer', mention: 'Newc' };
    fake.world.users.push(newcomer);
    fake.say(lobby.jid, newcomer, '@Micro ping');
    await until(() => fake.heard.length > 0);
    expect(fake.heard[0]?.body).toBe('@Newc: pong');

    const patient = await onHipchat();
    patient.fake.world.users.push(newcomer);
    for (let times = 0; times < 3; times += 1) patient.fake.say(lobby.jid, newcomer, '@Micro ping');
    await until(() => patient.fake.heard.length >= 3);
    expect(patient.fake.heard[0]?.body).toBe('New Comer: pong');
    expect(patient.fake.world.asked.get('jabber:iq:roster')).toBe(1);
  });

  it('calls nobody by what a service says', async () => {
    const { fake } = await onHipchat({ answer: (message) => message.reply(text('@all wake up, @Eve'), 'answer') });
    fake.say(lobby.jid, asim, '@Micro shout');
    fake.tell(asim, 'shout');
    await until(() => fake.heard.length >= 2);
    expect(fake.heard.map(({ body }) => body).toSorted()).toEqual([
      '@Asim: @\u2060all wake up, @\u2060Eve',
      '@\u2060all wake up, @\u2060Eve',
    ]);
  });

  it('is heard with a token in the place of a password, too', async () => {
    const world = newWorld();
    const { fake } = await onHipchat({ password: undefined, token: world.token });
    expect(fake.logins).toEqual(['token']);
    fake.tell(asim, 'ping');
    await until(() => fake.heard.length > 0);
  });
});
