import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BreakGlass } from '../../src/access/elevation.ts';
import { createElevations, type ElevationsOptions, type RunningElevations } from '../../src/access/elevations.ts';
import type { AuditEvent } from '../../src/audit/audit.ts';
import { typedLine } from '../../src/bot/line.ts';
import { type Caller, CommandError } from '../../src/commands/command.ts';
import { commandSet } from '../../src/commands/set.ts';
import type { Document } from '../../src/document/document.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { fileState } from '../../src/state/files.ts';
import type { State } from '../../src/state/state.ts';

export interface World {
  elevations: RunningElevations;
  state: State;
  now: number;
  rule: BreakGlass | undefined;
  /** Rooms that take nothing. */
  deaf: Set<string>;
  auditFails: boolean;
  stateFails: boolean;
  onAnnounce: () => void;
  readonly directory: string;
  readonly told: string[];
  readonly notes: (AuditEvent & { readonly kind: 'note' })[];
  say(line: string, about?: Partial<Caller>): Promise<string>;
  restart(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const halfAnHour = 30 * 60_000;
export const rule: BreakGlass = {
  roles: ['admin'],
  forMs: halfAnHour,
  announce: [
    { input: 'slack', room: '#ops' },
    { input: 'xmpp', room: 'ops' },
  ],
};

export async function openWorld(options: Partial<ElevationsOptions> = {}): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'elevations-'));
  const start = async (): Promise<void> => {
    const state = await fileState({ directory });
    world.state = state;
    world.elevations = await createElevations({
      state: {
        ...state,
        async shelf(name, read, empty) {
          const shelf = await state.shelf(name, read, empty);
          return {
            get current() {
              return shelf.current;
            },
            replace: async (value) => {
              if (world.stateFails) throw new Error('the disk of the state is full');
              await shelf.replace(value);
            },
          };
        },
      },
      rules: () => ({ breakGlass: ({ user }) => (user === 'ann' || user === 'ben' ? world.rule : undefined) }),
      announce: async ({ input, room }, document) => {
        world.onAnnounce();
        if (world.deaf.has(room)) throw new Error(`${room} takes nothing`);
        world.told.push(`${input} ${room}: ${renderTerminal(document)}`);
      },
      audit: {
        write: async (event) => {
          if (world.auditFails) throw new Error('the disk of the audit is full');
          if (event.kind === 'note') world.notes.push(event);
        },
      },
      now: () => world.now,
      ...options,
    });
  };
  const world: World = {
    directory,
    now: Date.now(),
    rule,
    deaf: new Set(),
    auditFails: false,
    stateFails: false,
    onAnnounce: () => {},
    told: [],
    notes: [],
    say: async (line, about = {}) => {
      const typed = typedLine(line);
      const set = commandSet(world.elevations.commands);
      const found = set.find(typed.head(set.longest));
      if (found === undefined) throw new Error(`there is no command for ${line}`);
      const args = typed.rest(found.words);
      const caller: Caller = { input: 'slack', room: 'C1', user: 'ann', name: 'Ann', person: 'ann', ...about };
      try {
        const { signal } = new AbortController();
        const result = found.command.run({ id: '1', args, options: {}, caller, signal }) as Promise<Document>;
        return renderTerminal(await result);
      } catch (error) {
        if (error instanceof CommandError) return error.message;
        throw error;
      }
    },
    async restart() {
      await world.elevations.close();
      await world.state.close();
      await start();
    },
    async [Symbol.asyncDispose]() {
      await world.elevations.close();
      await world.state.close();
      await rm(directory, { recursive: true, force: true });
    },
    ...({} as Pick<World, 'elevations' | 'state'>),
  };
  await start();
  return world;
}
