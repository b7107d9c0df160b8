import { sleep } from '../../src/async/sleep.ts';
import { seeded } from '../fuzz/random.ts';
import { type Attack, attacks, mutated, truncated } from './corpus.ts';
import type { Enemy, Prey } from './enemy.ts';

export interface Streams {
  readonly attacks: number;
  /** How many of each kind, in words. */
  readonly kinds: string;
  /** What did not end as it should. */
  readonly faults: readonly string[];
  /** Commands that were said, one on each stream. */
  readonly names: readonly string[];
  /** One stream for each account, of which nothing bad came yet. */
  readonly preys: readonly Prey[];
}

export interface StreamsOptions {
  readonly many: number;
  /** At least one of each kind. */
  readonly times: number;
  /** So long, of our time, until the bot counts a stream as good. */
  readonly goodMs: number;
  readonly seed: number;
}

/** On each stream a command is answered before it is attacked; so many streams at the same time as there are accounts. */
export async function attackStreams(enemy: Enemy, { many, times, goodMs, seed }: StreamsOptions): Promise<Streams> {
  const random = seeded(seed);
  const kinds = new Map<string, number>();
  const faults: string[] = [];
  const names: string[] = [];
  const total = Math.max(times, 2 * attacks.length);
  let begun = 0;
  const nextAttack = (): Attack | undefined => {
    if (begun === total) return undefined;
    const number = begun;
    begun += 1;
    if (number < attacks.length || random.chance(0.3)) return attacks[number % attacks.length] ?? truncated(random);
    return random.chance(0.2) ? truncated(random) : mutated(random);
  };
  const strike = async (prey: Prey, attack: Attack): Promise<void> => {
    const { name, bytes, condition } = attack;
    const command = `s${names.length}`;
    names.push(command);
    if (!(await prey.count(command))) faults.push(`nothing was answered before an attack by ${name}`);
    await sleep(goodMs);
    // On a busy machine the bot's clock is too fast for its own pings: it comes back, and is attacked then.
    if (prey.isClosed) return strike(await enemy.next(), attack);
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
    await prey.write(bytes);
    if (condition === undefined) {
      await prey.end();
      return;
    }
    const ended = await prey.ended();
    if (ended !== condition) faults.push(`${name}: ended with "${ended ?? 'nothing'}", not ${condition}`);
    await prey.end();
  };
  const work = async (): Promise<Prey> => {
    for (let attack = nextAttack(); attack !== undefined; attack = nextAttack()) {
      await strike(await enemy.next(), attack);
    }
    return enemy.next();
  };
  const preys = await Promise.all(Array.from({ length: many }, work));
  const shown = [...kinds].map(([name, number]) => `${name} ${number}`).join(', ');
  return { attacks: total, kinds: shown, faults, names, preys };
}
