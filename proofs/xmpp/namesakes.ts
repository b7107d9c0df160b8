import { sleep } from '../../src/async/sleep.ts';
import type { Person } from '../../test/support/xmpp/person.ts';
import { until } from '../churn/until.ts';
import { type Bot, startBot } from './bot.ts';
import { type Row, usualMs } from './fault.ts';
import type { House } from './scene.ts';

const patienceMs = 30_000;
/** Long enough for one who comes back at once to have done so. */
const peaceMs = 3_000;

/** Two bots with one account, each with an address of its own: both stay, and each runs what it is told. */
export async function ownResources(house: House): Promise<Row> {
  const { first, second, since, end } = await two(house, 'twins');
  try {
    await loggedIn(second);
    const ms = performance.now() - since;
    const wrong = await each(house.ada, [first, second]);
    await sleep(peaceMs);
    if (first.begun + second.begun !== 2 || first.outage !== undefined) wrong.push('one threw the other out');
    return { name: 'two bots, one account', ms, withinMs: usualMs, state: 'both logged in', wrong };
  } finally {
    await end();
  }
}

/** Two bots with one and the same address: the later one has it, the other says so once and waits. */
export async function oneResource(house: House): Promise<Row> {
  const { first, second, since, end } = await two(house, 'rivals', 'same');
  try {
    await loggedIn(second);
    await until(() => first.outage !== undefined, patienceMs, 'the first to be thrown out');
    const ms = performance.now() - since;
    const wrong = await each(house.ada, [second]);
    await sleep(peaceMs);
    if (second.begun !== 1 || second.outage !== undefined) wrong.push('they throw each other out');
    if (first.outage?.includes('conflict') !== true) wrong.push(`the first says "${first.outage ?? ''}"`);
    const told = first.lines.filter(({ level }) => level === 'warn').length;
    if (told !== 1) wrong.push(`it was logged ${told} times`);
    return {
      name: 'two bots, one resource',
      ms,
      withinMs: usualMs,
      state: 'one in, the other waits, told once',
      wrong,
    };
  } finally {
    await end();
  }
}

interface Two {
  readonly first: Bot;
  readonly second: Bot;
  /** `performance.now()` when the second came. */
  readonly since: number;
  readonly end: () => Promise<void>;
}

async function two({ server }: House, name: string, resource?: string): Promise<Two> {
  const options = { user: await server.addUser(name), ...(resource === undefined ? {} : { resource }) };
  const first = await startBot(server, options);
  try {
    await loggedIn(first);
    const since = performance.now();
    const second = await startBot(server, options);
    return { first, second, since, end: async () => void (await Promise.all([first.stop(), second.stop()])) };
  } catch (error) {
    await first.stop();
    throw error;
  }
}

const loggedIn = (bot: Bot): Promise<void> => until(() => bot.outage === undefined, patienceMs, 'the login of a bot');

/** Tells each at its full address something of its own. */
async function each(ada: Person, bots: readonly Bot[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const [index, bot] of bots.entries()) {
    const jid = bot.session?.jid ?? '';
    const name = `${bot.user.name}-${index}`;
    await ada.say(jid, `count ${name}`);
    await ada.hears(({ from, body }) => from === jid && body === `counted ${name}`, patienceMs).catch(() => undefined);
    if (bot.runs.get(name) !== 1) wrong.push(`${name} ran ${bot.runs.get(name) ?? 0} times`);
    const elsewhere = bots.some((other) => other !== bot && other.runs.has(name));
    if (elsewhere) wrong.push(`${name} ran in the other one, too`);
  }
  return wrong;
}
