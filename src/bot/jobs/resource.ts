import type { Job } from './jobs.ts';
import { Turns, type Waiter } from './turns.ts';

/** What a resource is the places of. */
export type ResourceKind = 'lock' | 'person' | 'endless' | 'room' | 'service' | 'all' | 'all endless';

/** So many jobs have room in it at the same time; the others wait for their turn. */
export class Resource<T extends Waiter> {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly capacity: number;
  /** Those who wait for one of its places, and for nothing else that was full when they came. */
  readonly turns: Turns<T> = new Turns();
  /** Jobs that wait or run and will need it, or have a place in it. */
  users = 0;
  taken = 0;
  /** Of a lock: who has it. */
  holder: Job | undefined = undefined;

  constructor(kind: ResourceKind, name: string, capacity: number) {
    this.kind = kind;
    this.name = name;
    this.capacity = capacity;
  }

  get isFull(): boolean {
    return this.taken >= this.capacity;
  }

  take(job: Job): void {
    this.taken += 1;
    if (this.kind === 'lock') this.holder = job;
  }

  give(job: Job): void {
    this.taken -= 1;
    if (this.holder === job) this.holder = undefined;
  }
}
