import { expect, it, onTestFinished } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import type { Command } from '../../../src/commands/command.ts';
import { text } from '../../../src/document/document.ts';
import { memoryState } from '../../../src/state/memory.ts';
import { openTaken } from '../../../src/state/taken.ts';
import { unique } from '../../support/name.ts';
import { eachServer } from '../../support/xmpp/each-server.ts';
import { person } from '../../support/xmpp/person.ts';
import { until } from '../../support/until.ts';
import { scene } from './scene.ts';

eachServer('a bot on XMPP that was started again', (server) => {
  it('does not run what came to the one before it', async () => {
    const state = memoryState();
    const taken = () => openTaken({ state, name: 'taken-xmpp' });
    const first = await scene(server(), { input: { taken: await taken() } });
    const ada = await person(server(), unique('ada'));
    onTestFinished(() => ada.end());
    const say = (text: string): Promise<void> =>
      ada.raw(
        `<message to='${first.user.jid}' type='chat' id='${text}'><body>echo ${text}</body><origin-id xmlns='urn:xmpp:sid:0' id='${text}'/></message>`,
      );
    await say('once');
    await ada.hears(({ body }) => body === 'once');
    await first.stop();
    const second = await scene(server(), { user: first.user, input: { taken: await taken() } });
    await say('once');
    await say('another');
    await ada.hears(({ body }) => body === 'another');
    expect([...first.ran, ...second.ran]).toEqual(['once', 'another']);
  });

  it('tells who says something while it leaves', async () => {
    const { promise: isOver, resolve: end } = withResolvers<void>();
    const waiting: Command = {
      name: 'linger',
      usage: 'linger',
      description: 'Takes its time',
      source: { kind: 'builtin' },
      run: async () => {
        ran = true;
        await isOver;
        return text('done');
      },
    };
    let ran = false;
    const bot = await scene(server(), { commands: [waiting] });
    const ada = await person(server(), unique('ada'));
    onTestFinished(() => ada.end());
    const say = (words: string): Promise<void> =>
      ada.raw(`<message to='${bot.user.jid}' type='chat' id='${words}'><body>${words}</body></message>`);
    await say('linger');
    await until(() => ran);
    const stopped = bot.stop();
    await say('echo late');
    await ada.hears(({ body }) => body.includes('leaving'));
    end();
    await stopped;
    expect(bot.ran).toEqual([]);
  });
});
