import { setImmediate as turn } from 'node:timers/promises';
import type { AuditEvent } from '../../../src/audit/audit.ts';
import { typedLine } from '../../../src/bot/line.ts';
import type { Clock } from '../../../src/bot/schedule/clock.ts';
import { createSchedules, type SchedulesOptions } from '../../../src/bot/schedule/create.ts';
import type { Due, DueOutcome, Schedules } from '../../../src/bot/schedule/schedules.ts';
import { reaching } from '../../../src/bot/reach.ts';
import { readOptions } from '../../../src/bot/options.ts';
import type { Caller, Command } from '../../../src/commands/command.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { type Document, text } from '../../../src/document/document.ts';
import { renderTerminal } from '../../../src/document/terminal.ts';
import type { Input } from '../../../src/inputs/input.ts';
import { type MemoryInput, memoryInput } from '../../../src/inputs/memory/memory.ts';
import { memoryState } from '../../../src/state/memory.ts';

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  readonly #rings: { at: number; ring: () => void }[] = [];
  /** What timers go by: it never jumps. */
  #passed = 0;
  #now: number;
  /** How often a timer rang. */
  rung = 0;

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, ring: () => void): () => void {
    // A timer cannot wait longer than this: it would ring at once.
    const entry = { at: this.#passed + (ms > 2 ** 31 - 1 ? 1 : ms), ring };
    this.#rings.push(entry);
    return () => this.#drop(entry);
  }

  get waiting(): number {
    return this.#rings.length;
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.#passed + ms;
    await settled();
    for (;;) {
      const [next] = this.#rings.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      this.#move(Math.max(0, next.at - this.#passed));
      this.#drop(next);
      this.rung += 1;
      next.ring();
      await settled();
    }
    this.#move(end - this.#passed);
  }

  /** Sets the clock: no timer notices. */
  jump(ms: number): void {
    this.#now += ms;
  }

  #move(ms: number): void {
    this.#passed += ms;
    this.#now += ms;
  }

  #drop(entry: { at: number; ring: () => void }): void {
    const index = this.#rings.indexOf(entry);
    if (index >= 0) this.#rings.splice(index, 1);
  }
}

/** What follows from what has happened, files excepted. */
export async function settled(): Promise<void> {
  for (let count = 0; count < 3; count += 1) await turn();
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface World {
  readonly clock: TestClock;
  readonly schedules: Schedules;
  readonly commands: readonly Command[];
  readonly input: MemoryInput;
  /** What became due, and when. */
  readonly ran: { readonly at: string; readonly due: Due }[];
  readonly notes: AuditEvent[];
  readonly warnings: string[];
  /** What a line answers; a string is an answer, an error is told as such. */
  answer: (due: Due) => Promise<DueOutcome>;
  /** Runs a command of schedules; what it throws is thrown. */
  say(typed: string, caller?: Partial<Caller>): Promise<string>;
  /** The same, as a document. */
  answerTo(typed: string, caller?: Partial<Caller>): Promise<Document>;
  /** What was said without having been asked for. */
  readonly told: readonly string[];
}

export const ann: Caller = {
  input: 'memory',
  room: 'ops',
  roomName: '#ops',
  user: 'U1',
  name: 'Ann',
  person: 'ann',
  isDirect: false,
};

export const bob: Partial<Caller> = { user: 'U2', name: 'Bob', person: 'bob' };

export interface WorldOptions extends Partial<SchedulesOptions> {
  readonly start?: string;
  readonly clock?: TestClock;
  readonly input?: MemoryInput;
  /** Default true. */
  readonly begins?: boolean;
}

/** An input that only answers. */
const silent: Input = { name: 'cli', async *messages() {}, async close() {} };

/** Schedules in a world of their own, in UTC. Lines answer with themselves. */
export async function world(options: WorldOptions = {}): Promise<World> {
  const { start = '2026-11-21T16:00:00Z', clock = new TestClock(start), begins = true, ...more } = options;
  const input = options.input ?? memoryInput();
  const warnings: string[] = [];
  const notes: AuditEvent[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const made = await createSchedules({
    state: memoryState(),
    audit: { write: async (event) => void notes.push(event) },
    reach: reaching([input, silent]),
    check: async () => ({ refused: undefined, isMasked: false }),
    mayAdmin: ({ person }) => person === 'root',
    timeZone: 'UTC',
    log: { debug() {}, info() {}, warn, error: warn },
    ...more,
    clock,
  });
  const set = commandSet(made.commands);
  const self: World = {
    clock,
    schedules: made,
    commands: made.commands,
    input,
    ran: [],
    notes,
    warnings,
    answer: async ({ show, line }) => {
      await show?.(text(`answer to ${line}`), 'answer');
      return 'done';
    },
    async answerTo(typed, caller = {}) {
      const line = typedLine(typed);
      const found = set.find(line.head(set.longest));
      if (found === undefined) throw new Error(`no command for ${typed}`);
      const given = readOptions(found.command, line.rest(found.words));
      const documents = found.command.run({
        args: line.rest(found.words + given.words),
        options: given.values,
        caller: { ...ann, ...caller },
        id: '1',
        signal: new AbortController().signal,
      });
      if (!(documents instanceof Promise)) throw new Error('these commands answer once');
      return documents;
    },
    say: async (typed, caller) => renderTerminal(await self.answerTo(typed, caller)),
    get told() {
      return input.unasked.map(({ document }) => renderTerminal(document));
    },
  };
  if (begins) begin(self);
  return self;
}

export function begin(self: World): void {
  self.schedules.start(async (due) => {
    self.ran.push({ at: new Date(self.clock.now()).toISOString(), due });
    return self.answer(due);
  });
}

/** When something ran, without the parts that are all zeros. */
export const times = ({ ran }: World): readonly string[] => ran.map(({ at }) => at.replace(/(?::00)?\.000Z$/, ''));
