import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Access, Identity, Person } from '../../../src/access/access.ts';
import type { AuditEvent } from '../../../src/audit/audit.ts';
import type { Grant, Wanted } from '../../../src/bot/approval/approvals.ts';
import { type ApprovalsOptions, createApprovals, type RunningApprovals } from '../../../src/bot/approval/create.ts';
import { typedLine } from '../../../src/bot/line.ts';
import { type Caller, CommandError } from '../../../src/commands/command.ts';
import { commandSet } from '../../../src/commands/set.ts';
import type { Document } from '../../../src/document/document.ts';
import { renderTerminal } from '../../../src/document/terminal.ts';
import { fileState } from '../../../src/state/files.ts';
import type { State } from '../../../src/state/state.ts';

type Note = AuditEvent & { readonly kind: 'note' };

/** People, what they hold and which accounts are theirs: it may change at any time, as an access file may. */
export class People implements Access {
  readonly roles: Map<string, Set<string>> = new Map();
  readonly links: Map<string, string> = new Map();
  readonly strangers: Set<string> = new Set();
  isBroken = false;

  /** Names somebody in the access file, with these accounts. */
  add(id: string, accounts: readonly string[], ...roles: string[]): void {
    this.roles.set(id, new Set(roles));
    for (const account of accounts) this.links.set(account, id);
  }

  decide(): never {
    throw new Error('nobody asks that here');
  }

  personOf({ input, user, name, isKnown }: Identity): Person {
    if (this.isBroken) throw new Error('the access rules are broken');
    const account = `${input}:${user}`;
    const id = this.links.get(account) ?? account;
    return { id, name, isKnown: isKnown && !this.strangers.has(account), roles: this.roles.get(id) ?? new Set() };
  }

  everybody(): readonly Person[] {
    return [...this.roles].map(([id, roles]) => ({ id, name: id, isKnown: true, roles }));
  }
}

export interface World {
  readonly people: People;
  readonly directory: string;
  readonly notes: readonly Note[];
  readonly grants: readonly Grant[];
  /** What was said in places without being asked for. */
  readonly told: readonly string[];
  approvals: RunningApprovals;
  state: State;
  now: number;
  /** From now on the audit, or the state, cannot be written. */
  auditFails: boolean;
  stateFails: boolean;
  /** What happens while a note is written. */
  onNote: (note: Note) => void;
  /** What happens when something is let run, beside being remembered. */
  onRun: (grant: Grant) => void | Promise<void>;
  /** What the bot answers when somebody says this: a document, or the sentence of an error. */
  say(account: string, line: string, about?: Partial<Caller>): Promise<string>;
  /** Ends the bot and starts another one over the same directory, or over one that looks as it did at some moment. */
  restart(directory?: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Ann asks; Ben and Cy may approve releases, Dan holds nothing. */
export async function openWorld(options: Partial<ApprovalsOptions> = {}): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'approvals-'));
  const people = new People();
  people.add('ann', ['memory:ann', 'other:ann2'], 'release');
  people.add('ben', ['memory:ben'], 'release');
  people.add('cy', ['memory:cy'], 'release');
  people.add('dan', ['memory:dan']);
  const notes: Note[] = [];
  const grants: Grant[] = [];
  const told: string[] = [];

  const start = async (at: string): Promise<Pick<World, 'approvals' | 'state'>> => {
    const state = await fileState({ directory: at });
    const approvals = await createApprovals({
      state: failing(state, () => world.stateFails),
      access: people,
      audit: {
        write: async (event) => {
          if (world.auditFails) throw new Error('the disk of the audit is full');
          if (event.kind !== 'note') return;
          notes.push(event);
          world.onNote(event);
        },
      },
      announce: async ({ input, place }, document) => {
        const where = place.kind === 'room' ? place.room : place.person;
        told.push(`${input} ${where}: ${renderTerminal(document)}`);
      },
      now: () => world.now,
      ...options,
    });
    approvals.onGranted((grant) => {
      grants.push(grant);
      return world.onRun(grant);
    });
    return { approvals, state };
  };

  const leave = async (): Promise<void> => {
    await world.approvals.close();
    await world.state.close();
  };

  const world: World = {
    people,
    directory,
    notes,
    grants,
    told,
    now: Date.now(),
    auditFails: false,
    stateFails: false,
    onNote: () => {},
    onRun: () => {},
    say: async (account, line, about = {}) => {
      const [input = '', user = ''] = account.split(':');
      const typed = typedLine(line);
      const set = commandSet(world.approvals.commands);
      const found = set.find(typed.head(set.longest));
      if (found === undefined) throw new Error(`there is no command for ${line}`);
      const caller: Caller = { input, room: 'ops', user, name: user, ...about };
      const result = found.command.run({
        id: '1',
        args: typed.rest(found.words),
        options: {},
        caller,
        signal: new AbortController().signal,
      }) as Promise<Document>;
      return result.then(renderTerminal, (error: unknown) => {
        if (error instanceof CommandError) return error.message;
        throw error;
      });
    },
    async restart(at = directory) {
      await leave();
      Object.assign(world, await start(at));
    },
    async [Symbol.asyncDispose]() {
      await leave();
      await rm(directory, { recursive: true, force: true });
    },
    ...({} as Pick<World, 'approvals' | 'state'>),
  };
  Object.assign(world, await start(directory));
  return world;
}

/** A real state whose disk is full from time to time. */
const failing = (state: State, fails: () => boolean): State => ({
  async shelf(name, read, empty) {
    const shelf = await state.shelf(name, read, empty);
    return {
      get current() {
        return shelf.current;
      },
      replace: async (value) => {
        if (fails()) throw new Error('the disk of the state is full');
        await shelf.replace(value);
      },
    };
  },
  close: async () => state.close(),
});

export const wanted = (more: Partial<Wanted> = {}): Wanted => ({
  identity: { input: 'memory', user: 'ann', name: 'Ann', isKnown: true },
  person: 'ann',
  place: { kind: 'room', room: 'ops' },
  roomName: 'ops',
  isDirect: false,
  line: 'deploy billing prod',
  shown: 'deploy billing prod',
  isMasked: false,
  command: 'deploy',
  hash: 'abc',
  confirm: false,
  approvals: 1,
  scopes: ['release'],
  ...more,
});

/** Asks, and returns the code that was given. */
export async function ask(world: World, more: Partial<Wanted> = {}): Promise<string> {
  const shown = renderTerminal(await world.approvals.ask(wanted(more)));
  return /[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(shown)?.[0] ?? '';
}

export const whats = ({ notes }: World): readonly string[] => notes.map(({ what }) => what);
