import { expect, it, onTestFinished } from 'vitest';
import { memoryState } from '../../../src/state/memory.ts';
import { openTaken } from '../../../src/state/taken.ts';
import { unique } from '../../support/name.ts';
import { eachServer } from '../../support/xmpp/each-server.ts';
import { person } from '../../support/xmpp/person.ts';
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
});
