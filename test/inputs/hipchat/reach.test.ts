import { expect, it, onTestFinished } from 'vitest';
import { text } from '../../../src/document/document.ts';
import { until } from '../../support/until.ts';
import { type FakeHipchat, startFakeHipchat } from './fake/hipchat.ts';
import { startFakeRest } from './fake/rest.ts';
import { asim, lobby, newWorld } from './fake/world.ts';
import { type Scene, type SceneOptions, scene } from './scene.ts';

async function onHipchat(options: Partial<SceneOptions> = {}): Promise<Scene & { readonly fake: FakeHipchat }> {
  const fake = await startFakeHipchat(newWorld());
  onTestFinished(() => fake[Symbol.asyncDispose]());
  const { bot, password } = fake.world;
  const it = scene({ username: bot.jid, password, server: fake.server, insecure: true, ...options });
  await until(() => fake.joins.length > 0);
  return { ...it, fake };
}

it('says in a room of HipChat, called as people call it, what nobody asked for: to nobody', async () => {
  const { fake, input } = await onHipchat();
  for (const room of ['Lobby', '#lobby', '1_lobby', lobby.jid]) {
    await input.reach?.({ kind: 'room', room }).say(text(`news for @all in ${room}`), 'answer');
  }
  await until(() => fake.heard.length === 4);
  const joiner = '\u2060';
  expect(fake.heard).toEqual(
    ['Lobby', '#lobby', '1_lobby', lobby.jid].map((room) => ({
      to: lobby.jid,
      type: 'groupchat',
      body: `news for @${joiner}all in ${room}`,
    })),
  );
});

it('says to a person alone what nobody asked for', async () => {
  const { fake, input } = await onHipchat();
  await input.reach?.({ kind: 'person', person: asim.jid }).say(text('news'), 'answer');
  await until(() => fake.heard.length > 0);
  expect(fake.heard).toEqual([{ to: asim.jid, type: 'chat', body: 'news' }]);
  expect(() => input.reach?.({ kind: 'room', room: 'Attic' })).toThrow(/is not in the room/);
});

it('notifies a room where there is a token, without a mention', async () => {
  const { token } = newWorld();
  const rest = await startFakeRest({ token, rooms: [lobby.id] });
  onTestFinished(() => rest[Symbol.asyncDispose]());
  const { input } = await onHipchat({ token, apiUrl: rest.apiUrl });
  const speech = input.reach?.({ kind: 'room', room: 'Lobby' });
  await speech?.say(text('news'), 'answer');
  await speech?.say({ kind: 'code', text: 'a\n b' }, 'error');
  speech?.end();
  expect(rest.taken.map(({ color, message }) => [color, message])).toEqual([
    ['green', 'news'],
    ['red', '<pre>a\n b</pre>'],
  ]);
});
