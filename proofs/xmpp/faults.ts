import { createElement as element } from '@xmpp/xml';
import { person } from '../../test/support/xmpp/person.ts';
import type { XmppServer } from '../../test/support/xmpp/server.ts';
import { until } from '../churn/until.ts';
import { type Fault, roomOf, type Struck } from './fault.ts';
import { addressOf, comeBack, entries, type Scene } from './scene.ts';

const patienceMs = 60_000;
/** How long a silent server is believed in: ten seconds until it is asked, and ten for its answer. */
const silenceMs = 20_000;
const conditions = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/** Somebody decided that we are not to be there. */
const out = (name: string, toldOnce: string, strike: (scene: Scene) => Promise<void>): Fault => ({
  name,
  async strike(scene) {
    const since = performance.now();
    await strike(scene);
    const reachedAt = (): number | undefined =>
      scene.told('warn', since).find(({ message }) => message.includes(toldOnce))?.at;
    return { since, reachedAt, state: 'out for good, told once', toldOnce, isOut: true };
  },
});

/** In the room, in a session that began after that. */
const inAgain = (scene: Scene, since: number, struckAt = since): Struck => ({
  since,
  reachedAt: () => entries(scene, struckAt)[0]?.at,
  state: 'in the room',
});

/** The server went away; what it had to know is told again. */
async function back(scene: Scene, goneAt: number): Promise<Struck> {
  const since = performance.now();
  const struck = inAgain(scene, since, goneAt);
  await until(() => struck.reachedAt() !== undefined, patienceMs, 'the bot after the server was away');
  await comeBack(scene);
  // The waits between two tries double, so that the last of them is at most about twice as long as all before it.
  const awayMs = since - goneAt;
  return { ...struck, withinMs: Math.max(5_000, 2 * awayMs + 1_000) };
}

const kick = out('kick', 'we were kicked', ({ server, room, nick }) => server.admin.kick(room, nick));

const ban = out('ban', 'we were banned', ({ server, room, bot }) => server.admin.ban(room, bot.user.jid));

const destroyed = out('room destroyed', 'the room was destroyed', ({ server, room }) => server.admin.destroy(room));

/** As when an error comes back for something that the room sent us. */
const technical: Fault = {
  name: '333 (technical)',
  async strike(scene) {
    const since = performance.now();
    const failed = element('error', { type: 'cancel' }, element('recipient-unavailable', { xmlns: conditions }));
    await scene.bot.session?.send(element('message', { to: roomOf(scene), type: 'error' }, failed));
    return inAgain(scene, since);
  },
};

const restarted: Fault = {
  name: 'server restarted',
  async strike(scene) {
    const goneAt = performance.now();
    await scene.server.restart();
    return back(scene, goneAt);
  },
};

const killed: Fault = {
  name: 'server killed (-9) and started again',
  async strike(scene) {
    const { server, bot, ada } = scene;
    const goneAt = performance.now();
    await server.kill();
    await server.restart();
    // One of them forgets accounts that it was told of just before.
    for (const { name, password } of [bot.user, ada.user]) await server.addUser(name, password);
    return back(scene, goneAt);
  },
};

const cut: Fault = {
  name: 'connection cut',
  async strike(scene) {
    const { bot } = scene;
    const { begun } = bot;
    await scene.say('room', 'across-room', 1_500);
    await scene.say('direct', 'across-direct', 1_500);
    await until(() => bot.runs.size >= 4, patienceMs, 'commands that run across the cut');
    bot.network.shut();
    await until(() => bot.outage !== undefined, patienceMs, 'the bot to notice');
    await scene.say('room', 'meanwhile-room');
    await scene.say('direct', 'meanwhile-direct');
    bot.network.restore();
    return goesOn(scene, performance.now(), begun);
  },
};

const silent: Fault = {
  name: 'half-open connection',
  async strike(scene) {
    const { bot } = scene;
    const { begun } = bot;
    const stalledAt = performance.now();
    bot.network.stall();
    await scene.say('room', 'meanwhile-room');
    await scene.say('direct', 'meanwhile-direct');
    await until(() => bot.outage !== undefined, patienceMs, 'the bot to notice');
    const noticed = ((performance.now() - stalledAt) / 1000).toFixed(1);
    // The old connection is gone, a new one gets through.
    bot.network.shut();
    bot.network.restore();
    const struck = await goesOn(scene, stalledAt + silenceMs, begun);
    return { ...struck, state: `resumed, noticed after ${noticed} s` };
  },
};

async function goesOn({ bot }: Scene, since: number, begun: number): Promise<Struck> {
  await until(() => bot.outage === undefined, patienceMs, 'the bot to be back');
  const at = performance.now();
  return {
    since,
    reachedAt: () => (bot.resumed === 1 && bot.begun === begun ? at : undefined),
    state: 'resumed',
  };
}

const forgotten: Fault = {
  name: 'connection cut for longer than the server waits',
  async strike(scene) {
    const { bot, ada, address, nick } = scene;
    await scene.say('direct', 'across-direct', 3_000);
    await until(() => bot.runs.size >= 3, patienceMs, 'a command that runs across the cut');
    const goneAt = performance.now();
    bot.network.shut();
    const mine = `${address}/${nick}`;
    await ada.sees(({ from, type }) => from === mine && type === 'unavailable', patienceMs);
    bot.network.restore();
    const since = performance.now();
    return { ...inAgain(scene, since, goneAt), withinMs: Math.max(5_000, 2 * (since - goneAt) + 1_000) };
  },
};

const nickTaken = (): Fault => {
  let leave = async (): Promise<void> => {};
  return {
    name: 'nick taken',
    async prepare(house, room) {
      const { server } = house;
      await server.admin.createRoom(room, { identities: 'anyone' });
      const other = await person(server, `impostor-${room}`);
      await other.join(addressOf(house, room), 'micro');
      leave = () => other.end();
    },
    async strike(scene) {
      const { ada, address, bot } = scene;
      if (scene.nick === 'micro') throw new Error('two have the same nick');
      const from = ada.presences.length;
      await leave();
      const since = performance.now();
      let at: number | undefined;
      const isOurs = (): boolean =>
        ada.presences
          .slice(from)
          .some(
            (presence) =>
              presence.from === `${address}/micro` &&
              presence.type === '' &&
              presence.element.toString().includes(`${bot.user.jid}/`),
          );
      const reachedAt = (): number | undefined => {
        if (!isOurs()) return undefined;
        scene.nick = 'micro';
        at ??= performance.now();
        return at;
      };
      return { since, reachedAt, state: 'in the room under another nick, then under its own' };
    },
  };
};

const locked = (): Fault => {
  let unlock = async (): Promise<void> => {};
  let end = async (): Promise<void> => {};
  return {
    name: 'room locked',
    isClosed: true,
    async prepare(house, room) {
      const owner = await person(house.server, `owner-${room}`);
      end = () => owner.end();
      const address = addressOf(house, room);
      await owner.join(address, 'owner');
      const form = `<x xmlns='jabber:x:data' type='submit'/>`;
      unlock = async () => {
        await owner.ask(address, 'set', `<query xmlns='http://jabber.org/protocol/muc#owner'>${form}</query>`);
      };
    },
    async strike(scene) {
      const goneAt = performance.now();
      const isTold = (): boolean => scene.told('warn').some(({ message }) => message.includes('locked'));
      await until(isTold, patienceMs, 'the bot before a locked room');
      await unlock();
      return inAgain(scene, performance.now(), goneAt);
    },
    end: () => end(),
  };
};

/** What can happen to a bot on that server. Only some make new rooms with a lock. */
export function faultsOn({ kind }: XmppServer): readonly Fault[] {
  const all = [kick, ban, technical, destroyed, nickTaken(), cut, forgotten, silent, restarted, killed];
  return kind === 'prosody' ? [...all, locked()] : all;
}

/** In small. */
export const fewFaults: readonly Fault[] = [kick, cut, killed];
