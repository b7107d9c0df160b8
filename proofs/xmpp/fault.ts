import { sleep } from '../../src/async/sleep.ts';
import { until } from '../churn/until.ts';
import { addressOf, entries, gather, type House, newRoom, openScene, type Place, type Scene } from './scene.ts';

/** What became of the bot. */
export interface Row {
  readonly name: string;
  /** From when the fault could be noticed. */
  readonly ms: number;
  /** How long it may take. */
  readonly withinMs: number;
  readonly state: string;
  /** What was not as it should be. */
  readonly wrong: readonly string[];
}

export const usualMs = 5_000;
const patienceMs = 60_000;
/** So long somebody who was sent away has to stay away: longer than the first waits of who tries again. */
const awayMs = 2_500;

/** Something that happens to a bot in a room. */
export interface Fault {
  readonly name: string;
  /** Before the bot comes. Default: the room is made by others and stays. */
  prepare?(house: House, room: string): Promise<void>;
  /** The bot can't come in yet. */
  readonly isClosed?: boolean;
  strike(scene: Scene): Promise<Struck>;
  /** Ends what it began. */
  end?(): Promise<void>;
}

export interface Struck {
  /** `performance.now()` when it could be noticed. */
  readonly since: number;
  readonly withinMs?: number;
  /** `performance.now()` when the bot was in the state it is to be in, once it is. */
  readonly reachedAt: () => number | undefined;
  /** In words. */
  readonly state: string;
  /** What is to be seen in the log exactly once since. */
  readonly toldOnce?: string;
  /** The bot stays away from the room. */
  readonly isOut?: boolean;
}

export async function suffer(house: House, fault: Fault): Promise<Row> {
  const { name } = fault;
  const room = newRoom();
  await (fault.prepare?.(house, room) ?? house.server.admin.createRoom(room, { identities: 'anyone' }));
  const scene = await openScene(house, room);
  try {
    if (fault.isClosed !== true) await gather(scene);
    await speak(scene, 'before', fault.isClosed === true ? ['direct'] : ['room', 'direct']);
    const startedAt = performance.now();
    const { since, withinMs = usualMs, reachedAt, state, toldOnce, isOut = false } = await fault.strike(scene);
    await until(() => reachedAt() !== undefined, patienceMs, `the end of ${name}`);
    const ms = Math.max(0, (reachedAt() ?? 0) - since);
    if (fault.isClosed === true) await gather(scene);
    await speak(scene, 'after', isOut ? ['direct'] : ['room', 'direct']);
    const wrong = [...scene.wrong()];
    if (isOut) wrong.push(...(await whetherAway(scene, startedAt)));
    const times = scene.told('warn', startedAt).filter(({ message }) => message.includes(toldOnce ?? '')).length;
    if (toldOnce !== undefined && times !== 1) wrong.push(`"${toldOnce}" was logged ${times} times`);
    return { name, ms, withinMs, state, wrong };
  } finally {
    await scene.end();
    await fault.end?.();
  }
}

async function speak(scene: Scene, when: string, places: readonly Place[]): Promise<void> {
  for (const place of places) await scene.say(place, `${when}-${place}`);
  await scene.answered();
}

async function whetherAway(scene: Scene, since: number): Promise<readonly string[]> {
  await sleep(awayMs);
  const wrong = entries(scene, since).length === 0 ? [] : ['it went into the room again'];
  const { server, room, bot } = scene;
  // A room that is no more has nobody in it.
  const inside = await server.admin.occupants(room).catch(() => []);
  return inside.some(({ jid }) => jid.startsWith(bot.user.jid)) ? [...wrong, 'it is in the room'] : wrong;
}

/** The room's address, for who asks it for something. */
export const roomOf = (scene: Scene): string => addressOf(scene, scene.room);
