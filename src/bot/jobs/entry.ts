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

/** A job as those see it who give it its turn. It is a class, because every command makes one. */
export class Entry implements Job, Aged {
  readonly id: string;
  readonly number: number;
  readonly person: string;
  readonly input: string;
  readonly room: string;
  readonly roomName: string | undefined;
  readonly isDirect: boolean;
  readonly command: string;
  readonly line: string;
  readonly isMasked: boolean;
  readonly cause: string | undefined;
  readonly service: string | undefined;
  readonly lock: string | undefined;
  readonly isEndless: boolean;
  readonly askedAt: number;
  state: 'waiting' | 'running' | Outcome = 'waiting';
  startedAt: number | undefined = undefined;
  endedAt: number | undefined = undefined;
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
  /** Among those who are told that they wait. */
  told: Spot<Entry> | undefined = undefined;
  toldAt: number;
  sentence = '';

  constructor(number: number, about: JobAbout, work: Work | undefined, needs: readonly Places[], askedAt: number) {
    this.number = number;
    this.id = String(number);
    this.person = about.person;
    this.input = about.input;
    this.room = about.room;
    this.roomName = about.roomName;
    this.isDirect = about.isDirect === true;
    this.command = about.command;
    this.line = about.line;
    this.isMasked = about.isMasked;
    this.cause = about.cause;
    this.service = about.service;
    this.lock = about.lock;
    this.isEndless = about.isEndless;
    this.work = work;
    this.needs = needs;
    this.askedAt = askedAt;
    this.toldAt = askedAt;
  }
}
