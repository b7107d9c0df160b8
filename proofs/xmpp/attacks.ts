import { sleep } from '../../src/async/sleep.ts';
import { seeded } from '../fuzz/random.ts';
import type { Proof, Result } from '../proof.ts';
import { count } from '../slack/words.ts';
import { type Captive, startCaptive } from './captive.ts';
import { type Enemy, type Prey, startEnemy } from './enemy.ts';
import { attackStreams, type Streams } from './streams.ts';
import { chatter, stanza } from './stanzas.ts';
import type { Condition } from './victim-messages.ts';

const wholeAttacks = 2_000;
const wholeStanzas = 300_000;
const rounds = 3;
const accounts = 40;
/** In small. */
const fewAccounts = 8;
const leastShare = 0.1;
/** The bot's waits grow to half a minute, and it counts a stream as good after ten seconds. In small there is other work that makes it wait. */
const clockFactors = { whole: 10, small: 4 };
/** Of its time. */
const goodAfterMs = 11_000;
const room = 'lobby@rooms.enemy.test';
/** More than the bot remembers of what it has heard, so that this does not look like a leak. */
const remembered = 240_000;
/** What the engine learns. A few bytes for each stanza would be more. */
const allowance = 4_000_000;
const chunk = 50;
const calmMs = 3_000;
const leastCalmMs = 300;

export const attacks: Proof = {
  name: 'xmpp attacks',
  what: `a server that lets ${accounts} accounts of a bot in and then sends ${count(wholeAttacks)} streams of entities, depth, size, encodings, truncated and changed bytes, and ${count(wholeStanzas)} stanzas at random`,
  goal: 'each stream ends with the right word, and the next one works; nothing crashes, no connection or timer is left, the heap after garbage collections does not grow; every command runs once and is answered once',
  async run(share) {
    const isWhole = share >= leastShare;
    const enemy = await startEnemy(room);
    const many = isWhole ? accounts : fewAccounts;
    const clockFactor = isWhole ? clockFactors.whole : clockFactors.small;
    const captive = startCaptive({ server: enemy.address, domain: 'enemy.test', accounts: many, room, clockFactor });
    try {
      return await fight(enemy, captive, { many, share, goodMs: goodAfterMs / clockFactor });
    } catch (error) {
      return { figure: `${captive.died ?? ''} ${error instanceof Error ? error.message : String(error)}`, met: false };
    } finally {
      await captive.stop();
      enemy.close();
    }
  },
};

interface Field {
  readonly many: number;
  readonly share: number;
  readonly goodMs: number;
}

async function fight(enemy: Enemy, captive: Captive, { many, share, goodMs }: Field): Promise<Result> {
  const isWhole = share >= leastShare;
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
  const streams = await attackStreams(enemy, { many, times: Math.ceil(wholeAttacks * share), goodMs, seed });
  const calm = isWhole ? calmMs : leastCalmMs;
  await sleep(calm);
  const before = await captive.condition();
  // What is remembered of what was heard is full then.
  if (isWhole) await pour(streams.preys, remembered, (index) => chatter(index, room));
  const random = seeded(seed);
  const perRound = Math.ceil((wholeStanzas * share) / rounds);
  const names = [...streams.names];
  const conditions: Condition[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await pour(streams.preys, perRound, () => stanza(random, room));
    const asked = streams.preys.map((prey, index) => ask(prey, `r${round}p${index}`));
    names.push(...(await Promise.all(asked)));
    await sleep(calm);
    conditions.push(await captive.condition());
  }
  const closed = streams.preys.filter(({ isClosed }) => isClosed).length;
  const left = await captive.stop();
  return judge({
    closed,
    seed,
    streams,
    perRound,
    names,
    before,
    conditions,
    left,
    many,
    isWhole,
    answers: enemy.answers,
  });
}

/** All to all, in turns. */
async function pour(preys: readonly Prey[], total: number, make: (index: number) => string): Promise<void> {
  for (let sent = 0; sent < total; ) {
    for (const prey of preys) {
      const size = Math.min(chunk, total - sent);
      const first = sent;
      sent += size;
      await prey.write(Array.from({ length: size }, (_, at) => make(first + at)).join(''));
    }
    await sleep(0);
  }
}

async function ask(prey: Prey, name: string): Promise<string> {
  await prey.count(name);
  return name;
}

interface Seen {
  /** Streams that stanzas ended, which none should. */
  readonly closed: number;
  readonly seed: number;
  readonly streams: Streams;
  readonly perRound: number;
  /** Of all commands. */
  readonly names: readonly string[];
  readonly before: Condition;
  readonly conditions: readonly Condition[];
  readonly left: boolean;
  readonly many: number;
  readonly isWhole: boolean;
  readonly answers: ReadonlyMap<string, number>;
}

function judge({
  closed,
  seed,
  streams,
  perRound,
  names,
  before,
  conditions,
  left,
  many,
  isWhole,
  answers,
}: Seen): Result {
  const last = conditions.at(-1) ?? before;
  const runs = new Map(last.runs);
  const wrong = names.filter((name) => runs.get(name) !== 1 || answers.get(name) !== 1);
  const grown = last.heap - (conditions[0]?.heap ?? 0);
  const heaps = conditions.map(({ heap }) => (heap / 1e6).toFixed(1)).join(' ');
  for (const fault of [...streams.faults.slice(0, 5), ...last.errors.slice(0, 5)]) console.error(fault);
  const isSound =
    last.sockets === many && last.timers <= before.timers + many && last.errors.length === 0 && closed === 0;
  return {
    figure: [
      `${count(streams.attacks)} streams (${streams.kinds}), ${streams.faults.length} ended otherwise than they should`,
      `${count(perRound * rounds)} stanzas, ${closed} streams ended by them`,
      `${count(names.length)} commands, ${wrong.length} not exactly once (${wrong.slice(0, 3).join(' ')})`,
      `${last.sockets} connections of ${many}, ${last.timers} timers (${before.timers} before), heap ${heaps} MB after each third`,
      `${last.errors.length} errors, ${left ? 'left by itself' : 'had to be killed'} (seed ${seed})`,
    ].join('; '),
    met: streams.faults.length === 0 && wrong.length === 0 && isSound && left && (!isWhole || grown < allowance),
  };
}
