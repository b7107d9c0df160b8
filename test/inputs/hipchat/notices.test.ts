import { describe, expect, it, onTestFinished } from 'vitest';
import { type Document, text } from '../../../src/document/document.ts';
import { withResolvers } from '../../../src/async/queue.ts';
import { until } from '../../support/until.ts';
import { type FakeHipchat, startFakeHipchat } from './fake/hipchat.ts';
import { type FakeRest, startFakeRest } from './fake/rest.ts';
import { asim, lobby, newWorld } from './fake/world.ts';
import { type Scene, type SceneOptions, scene } from './scene.ts';

interface Stage extends Scene {
  readonly fake: FakeHipchat;
  readonly rest: FakeRest;
}

async function stage(answer?: SceneOptions['answer'], timing: SceneOptions['timing'] = {}): Promise<Stage> {
  const world = newWorld();
  const fake = await startFakeHipchat(world);
  const rest = await startFakeRest({ token: world.token, rooms: [lobby.id] });
  onTestFinished(async () => {
    await fake[Symbol.asyncDispose]();
    await rest[Symbol.asyncDispose]();
  });
  const { bot, password, token } = world;
  const given = { username: bot.jid, password, token, server: fake.server, apiUrl: rest.apiUrl, insecure: true };
  const it = scene({ ...given, answer, timing: { notifyMs: 300, ...timing } });
  await until(() => fake.joins.length > 0);
  return { ...it, fake, rest };
}

describe('answers with a token', () => {
  it('are notifications in rooms, in the colour of their kind', async () => {
    const { fake, rest } = await stage(async (message) => {
      if (message.text === 'fail') await message.reply(text('it failed'), 'error');
      if (message.text === 'help') await message.reply(text('a <b>list</b> for @all'), 'aside');
    });
    for (const asked of ['ping', 'fail', 'help']) {
      const before = rest.taken.length;
      fake.say(lobby.jid, asim, `@Micro ${asked}`);
      await until(() => rest.taken.length > before);
    }
    expect(rest.taken.map(({ room, color, message, format }) => [room, color, message, format])).toEqual([
      [lobby.id, 'green', '@Asim: pong', 'html'],
      [lobby.id, 'red', '@Asim: it failed', 'html'],
      [lobby.id, 'gray', '@Asim: a &lt;b&gt;list&lt;/b&gt; for @all', 'html'],
    ]);
    expect(fake.heard).toEqual([]);
  });

  it('have a card for named values', async () => {
    const document: Document = { kind: 'fields', fields: [{ name: 'cpu', value: '93 %' }] };
    const { fake, rest } = await stage((message) => message.reply(document, 'answer'));
    fake.say(lobby.jid, asim, '@Micro health greeter');
    await until(() => rest.taken.length > 0);
    expect(rest.taken[0]?.message).toBe('@Asim: cpu: 93 %');
    expect(rest.taken[0]?.card).toMatchObject({
      title: 'health greeter',
      attributes: [{ label: 'cpu', value: { label: '93 %' } }],
    });
  });

  it('go over XMPP to a person alone', async () => {
    const { fake, rest } = await stage();
    fake.tell(asim, 'ping');
    await until(() => fake.heard.length > 0);
    expect(fake.heard).toEqual([{ to: asim.jid, type: 'chat', body: 'pong' }]);
    expect(rest.requests).toBe(0);
  });

  it('go over XMPP where HipChat does not take them, or they are too long', async () => {
    const { fake, rest } = await stage((message) => message.reply(text('x'.repeat(10_000)), 'answer'));
    rest.trouble({ kind: 'answer', status: 503 });
    fake.say(lobby.jid, asim, '@Micro ping');
    await until(() => fake.heard.length > 0);
    expect(fake.heard[0]?.body).toBe('@Asim: pong');
    fake.say(lobby.jid, asim, '@Micro much');
    await until(() => fake.heard.some(({ body }) => body.includes('xxx')));
    expect(rest.taken).toEqual([]);
  });

  it('are not said again where nobody knows whether they are there', async () => {
    const { fake, rest, log } = await stage();
    rest.trouble({ kind: 'silence' });
    fake.say(lobby.jid, asim, '@Micro ping');
    await until(() => log.lines.some((line) => line.includes('HipChat did not confirm')));
    fake.tell(asim, 'ping');
    await until(() => fake.heard.length > 0);
    expect(fake.heard.map(({ type }) => type)).toEqual(['chat']);
  });

  it('are preceded by what a command reports, in yellow and not too often, and nothing of it is lost', async () => {
    const { fake, rest } = await stage(
      async (message) => {
        for (let step = 1; step <= 5; step += 1) await message.reply(text(`step ${step}`), 'progress');
        await message.reply(text('done'), 'answer');
      },
      { progressMs: 60_000 },
    );
    fake.say(lobby.jid, asim, '@Micro deploy');
    await until(() => rest.taken.length >= 2);
    expect(rest.taken.map(({ color, message }) => [color, message])).toEqual([
      ['yellow', '@Asim: step 1'],
      ['green', '@Asim: step 2<br>step 3<br>step 4<br>step 5<br>done'],
    ]);
  });

  it('tell what is reported while nothing else comes', async () => {
    const { promise: finished, resolve: finish } = withResolvers<void>();
    const { fake, rest } = await stage(
      async (message) => {
        await message.reply(text('one'), 'progress');
        await message.reply(text('two'), 'progress');
        await finished;
        const last = text('three');
        await message.reply(last, 'progress');
        await message.reply(last, 'answer');
      },
      { progressMs: 20 },
    );
    fake.say(lobby.jid, asim, '@Micro deploy');
    await until(() => rest.taken.length >= 2);
    finish();
    await until(() => rest.taken.some(({ color }) => color === 'green'));
    expect(rest.taken.map(({ message }) => message).slice(0, 2)).toEqual(['@Asim: one', '@Asim: two']);
    expect(rest.taken.at(-1)?.message).toBe('@Asim: three');
  });

  it('go on over XMPP when a progress had to be said there', async () => {
    const { fake, rest } = await stage(async (message) => {
      await message.reply(text('begun'), 'progress');
      await message.reply(text('done'), 'answer');
    });
    rest.trouble({ kind: 'answer', status: 503 });
    fake.say(lobby.jid, asim, '@Micro deploy');
    await until(() => fake.heard.some(({ body }) => body.includes('done')));
    expect(rest.taken).toEqual([]);
  });
});
