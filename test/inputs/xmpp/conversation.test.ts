import { expect, it, onTestFinished } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import type { Command } from '../../../src/commands/command.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';
import { eachServer } from '../../support/xmpp/each-server.ts';
import { type Person, person } from '../../support/xmpp/person.ts';
import type { XmppServer } from '../../support/xmpp/server.ts';
import { scene } from './scene.ts';

async function somebody(server: XmppServer, name: string): Promise<Person> {
  const who = await person(server, unique(name));
  onTestFinished(() => who.end());
  return who;
}

eachServer('a bot on XMPP', (server) => {
  it('answers a person', async () => {
    const { user, ran } = await scene(server());
    const ada = await somebody(server(), 'ada');
    await ada.say(user.jid, 'echo hello');
    await ada.hears(({ body }) => body === 'hello');
    expect(ran).toEqual(['hello']);
  });

  it('answers in a room, once, who calls it there', async () => {
    const room = unique('ops');
    await server().admin.createRoom(room, { identities: 'anyone' });
    const { ran } = await scene(server(), { input: { rooms: [room] } });
    const address = `${room}@${server().conference}`;
    const ada = await somebody(server(), 'ada');
    await ada.join(address, 'Ada');
    await ada.sees(({ from }) => from === `${address}/micro`);
    await ada.sayInRoom(address, 'echo nobody asked');
    await ada.sayInRoom(address, 'micro: echo hello');
    const answer = await ada.hears(({ from, body }) => from === `${address}/micro` && body.includes('hello'));
    expect(answer.body).toBe('Ada: hello');
    await ada.sayInRoom(address, 'micro echo again');
    await ada.hears(({ from, body }) => from === `${address}/micro` && body.includes('again'));
    expect(ran).toEqual(['hello', 'again']);
  });

  it('says what ran before it leaves', async () => {
    const { promise, resolve } = withResolvers<void>();
    let isRunning = false;
    const slow: Command = {
      name: 'slow',
      usage: 'slow',
      description: 'Takes its time',
      source: { kind: 'builtin' },
      run: async () => {
        isRunning = true;
        await promise;
        return { kind: 'text', text: 'at last' };
      },
    };
    const { user, stop } = await scene(server(), { commands: [slow] });
    const ada = await somebody(server(), 'ada');
    await ada.say(user.jid, 'slow');
    await until(() => isRunning);
    const stopped = stop();
    resolve();
    await ada.hears(({ body }) => body === 'at last');
    await stopped;
  });

  it('takes once what was said around a cut of its stream', async () => {
    const { user, input, ran } = await scene(server());
    const ada = await somebody(server(), 'ada');
    await ada.say(user.jid, 'echo before');
    await until(() => ran.length === 1);
    server().cut();
    await ada.back();
    await ada.say(user.jid, 'echo around');
    await until(() => input.outage === undefined);
    await ada.say(user.jid, 'echo after');
    await ada.hears(({ body }) => body === 'after');
    expect(ran).toEqual(['before', 'around', 'after']);
  });

  it('goes on after the server was restarted, in its rooms too', async () => {
    const room = unique('ops');
    await server().admin.createRoom(room, { identities: 'anyone' });
    const { input, ran } = await scene(server(), { input: { rooms: [room] } });
    await server().restart();
    await until(() => input.outage !== undefined);
    await until(() => input.outage === undefined);
    const address = `${room}@${server().conference}`;
    const ada = await somebody(server(), 'ada');
    await ada.join(address, 'Ada');
    await ada.sees(({ from }) => from === `${address}/micro`);
    await ada.sayInRoom(address, 'micro echo back');
    await ada.hears(({ from, body }) => from === `${address}/micro` && body.includes('back'));
    expect(ran).toEqual(['back']);
  });
});
