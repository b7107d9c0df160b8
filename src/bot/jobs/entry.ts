import type { Place } from '../../async/bag.ts';
import type { Outcome } from '../../audit/audit.ts';
import type { Aged, Chain } from './chain.ts';
import type { Job, JobAbout, Work } from './jobs.ts';
import type { Resource } from './resource.ts';
import type { Spot } from './sequence.ts';

/** Jobs of which only the first can be next. */
export type Queue = Chain<Entry>;
/** Something that jobs have places in. */
export type Places = Resource<Queue>;

/** Where a job stands. */
export interface Waiting {
  readonly queue: Queue;
  readonly spot: Spot<Entry>;
}

/** What somebody who waits was told. */
export interface Notice {
  /** Among those who are told that they wait. */
  spot: Spot<Entry>;
  /** Milliseconds since the epoch; at first, when it came. */
  at: number;
  sentence: string;
}

/** A job as those see it who give it its turn. It is a class, because every command makes one, and copies nothing of what it is about. */
export class Entry implements Job, Aged {
  readonly number: number;
  readonly #about: JobAbout;
  readonly askedAt: number;
  state: 'waiting' | 'running' | Outcome = 'waiting';
  startedAt: number | undefined = undefined;
  endedAt: number | undefined = undefined;
  why: string | undefined = undefined;
  /** Until the end: it holds on to the message and to all that belongs to it. */
  work: Work | undefined;
  /** Those that others may wait for come first, then from the narrow to the wide. */
  needs: readonly Places[];
  waiting: Waiting | undefined = undefined;
  /** How often it was its turn in one queue while another place was full. */
  passedOver = 0;
  isStopped = false;
  /** Among those that wait or run. */
  place: Place<Entry> | undefined = undefined;
  /** While it waits. */
  told: Notice | undefined = undefined;

  constructor(number: number, about: JobAbout, work: Work | undefined, needs: readonly Places[], askedAt: number) {
    this.number = number;
    this.#about = about;
    this.work = work;
    this.needs = needs;
    this.askedAt = askedAt;
  }

  get id(): string {
    return String(this.number);
  }

  get person(): string {
    return this.#about.person;
  }

  get input(): string {
    return this.#about.input;
  }

  get room(): string {
    return this.#about.room;
  }

  get roomName(): string | undefined {
    return this.#about.roomName;
  }

  get isDirect(): boolean {
    return this.#about.isDirect === true;
  }

  get command(): string {
    return this.#about.command;
  }

  get line(): string {
    return this.#about.line;
  }

  get isMasked(): boolean {
    return this.#about.isMasked;
  }

  get cause(): string | undefined {
    return this.#about.cause;
  }

  get service(): string | undefined {
    return this.#about.service;
  }

  get lock(): string | undefined {
    return this.#about.lock;
  }

  get isEndless(): boolean {
    return this.#about.isEndless;
  }
}
