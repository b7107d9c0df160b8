import { type Person, person } from '../../test/support/xmpp/person.ts';
import type { XmppServer } from '../../test/support/xmpp/server.ts';
import { until } from '../churn/until.ts';
import { type Bot, type LogLine, startBot } from './bot.ts';

/** A server with somebody who talks to bots there. */
export interface House {
  readonly server: XmppServer;
  readonly ada: Person;
}

/** A room, a bot that is to be there, and what it is told. */
export interface Scene extends House {
  readonly bot: Bot;
  /** Without the domain. */
  readonly room: string;
  readonly address: string;
  /** What the bot is called in the room. */
  nick: string;
  /** Says a command, which is to run once and to be answered once. It may work for a while. */
  say(place: Place, name: string, ms?: number): Promise<void>;
  /** Resolves when all that was said so far was answered. */
  answered(): Promise<void>;
  /** Commands that did not run, or were not answered, exactly once. */
  wrong(): readonly string[];
  /** What the bot logged about this room since. */
  told(level: LogLine['level'], since?: number): readonly LogLine[];
  end(): Promise<void>;
}

export type Place = 'room' | 'direct';

const patienceMs = 30_000;
let rooms = 0;

export const newRoom = (): string => `room${++rooms}`;

export const addressOf = ({ server }: House, room: string): string => `${room}@${server.conference}`;

/** Resolves when the bot is logged in. */
export async function openScene(house: House, room: string): Promise<Scene> {
  const { server, ada } = house;
  const user = await server.addUser(`bot-${room}`);
  const bot = await startBot(server, { user, rooms: [room] });
  const address = addressOf(house, room);
  const expected = new Map<string, Place>();
  const answers = (name: string): number =>
    ada.messages.filter(({ from, body }) => {
      const fromHere = expected.get(name) === 'room' ? from.startsWith(`${address}/`) : from.startsWith(user.jid);
      return fromHere && body.endsWith(`counted ${name}`);
    }).length;
  const open = (): readonly string[] => [...expected.keys()].filter((name) => answers(name) === 0);
  const scene: Scene = {
    ...house,
    bot,
    room,
    address,
    nick: 'micro',
    async say(place, name, ms = 0) {
      const own = `${room}-${name}`;
      expected.set(own, place);
      if (place === 'direct') await ada.say(user.jid, `count ${own} ${ms}`);
      else await ada.sayInRoom(address, `${scene.nick}: count ${own} ${ms}`);
    },
    answered: () =>
      until(() => open().length === 0, patienceMs, 'answers').catch(() => {
        // What is missing is told in the end.
      }),
    wrong: () =>
      [...expected.keys()].flatMap((name) => {
        const [ran, answered] = [bot.runs.get(name) ?? 0, answers(name)];
        return ran === 1 && answered === 1 ? [] : [`${name} ran ${ran} times and was answered ${answered} times`];
      }),
    told: (level, since = 0) =>
      bot.lines.filter((line) => line.level === level && line.room === address && line.at >= since),
    end: () => bot.stop(),
  };
  try {
    await until(() => bot.outage === undefined, patienceMs, 'the login of the bot');
  } catch (error) {
    await bot.stop();
    throw error;
  }
  return scene;
}

/** Ada comes in, and the bot is there. */
export async function gather(scene: Scene): Promise<void> {
  const { ada, address } = scene;
  await until(() => entries(scene).length > 0, patienceMs, 'the bot in its room');
  scene.nick = entries(scene).at(-1)?.nick ?? '';
  await ada.join(address, 'Ada');
}

/** When the bot came into the room. */
export const entries = (scene: Scene, since?: number): readonly LogLine[] =>
  scene.told('info', since).filter(({ message }) => message === 'in the room');

/** After the server was away. */
export async function comeBack({ ada, address }: Scene): Promise<void> {
  await until(() => !ada.isOnline, patienceMs, 'the person to notice');
  await ada.back();
  await ada.join(address, 'Ada');
}

/** Starts a person there. */
export async function openHouse(server: XmppServer): Promise<House> {
  return { server, ada: await person(server, 'ada') };
}
