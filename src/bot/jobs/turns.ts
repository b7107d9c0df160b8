import { Sequence, type Spot } from './sequence.ts';

/** Something of one person that waits: one job or several. */
export interface Waiter {
  readonly person: string;
  /** Of its first job: the smaller, the older. */
  readonly age: number;
  /** How many jobs. */
  readonly size: number;
  countOlder(age: number): number;
}

/** One person who waits. */
interface Turn<T> {
  readonly person: string;
  /** The oldest first. */
  readonly waiters: T[];
  spot: Spot<Turn<T>>;
}

/** Whose turn it is: one person after the other, and of each the oldest first. */
export class Turns<T extends Waiter> {
  readonly #people: Map<string, Turn<T>> = new Map();
  readonly #order: Sequence<Turn<T>> = new Sequence();

  get isEmpty(): boolean {
    return this.#order.size === 0;
  }

  /** Adds one that has a job. Its person has a turn already or comes after all others. */
  add(waiter: T): void {
    let turn = this.#people.get(waiter.person);
    if (turn === undefined) {
      turn = this.#enter({ person: waiter.person, waiters: [] });
      this.#people.set(waiter.person, turn);
    }
    insert(turn.waiters, waiter);
  }

  /** Its first job is another one. */
  aged(waiter: T): void {
    const waiters = this.#people.get(waiter.person)?.waiters ?? [];
    const at = waiters.indexOf(waiter);
    if (at === -1) return;
    waiters.splice(at, 1);
    insert(waiters, waiter);
  }

  remove(waiter: T): void {
    const turn = this.#people.get(waiter.person);
    const at = turn?.waiters.indexOf(waiter) ?? -1;
    if (turn === undefined || at === -1) return;
    turn.waiters.splice(at, 1);
    if (turn.waiters.length === 0) this.#leave(turn);
  }

  /** Takes out the oldest of the person whose turn it is and stays until `served`. */
  next(): T | undefined {
    const turn = this.#order.first;
    const waiter = turn?.waiters.shift();
    if (turn !== undefined && turn.waiters.length === 0) this.#leave(turn);
    return waiter;
  }

  /** This person had a turn: it is everybody else's before it is theirs again. */
  served(person: string): void {
    const turn = this.#people.get(person);
    if (turn === undefined) return;
    this.#order.remove(turn.spot);
    turn.spot = this.#order.add(turn);
  }

  /** How many jobs come before `age` of `person`, if nobody else comes or leaves. */
  before(person: string, age: number): number {
    const mine = this.#people.get(person);
    if (mine === undefined) return 0;
    let own = 0;
    for (const waiter of mine.waiters) own += waiter.countOlder(age);
    let count = own;
    let isAhead = true;
    for (const turn of this.#order) {
      if (turn === mine) isAhead = false;
      else count += Math.min(sizeOf(turn), isAhead ? own + 1 : own);
    }
    return count;
  }

  #enter(who: Omit<Turn<T>, 'spot'>): Turn<T> {
    const turn = who as Turn<T>;
    turn.spot = this.#order.add(turn);
    return turn;
  }

  #leave(turn: Turn<T>): void {
    this.#people.delete(turn.person);
    this.#order.remove(turn.spot);
  }
}

const sizeOf = ({ waiters }: Turn<Waiter>): number => waiters.reduce((sum, { size }) => sum + size, 0);

function insert<T extends Waiter>(waiters: T[], waiter: T): void {
  let at = waiters.length;
  while (at > 0 && (waiters[at - 1]?.age ?? 0) > waiter.age) at -= 1;
  waiters.splice(at, 0, waiter);
}
