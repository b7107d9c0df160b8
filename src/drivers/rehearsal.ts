import type { Access } from '../access/access.ts';
import { memoryAudit } from '../audit/memory.ts';
import { createBot } from '../bot/bot.ts';
import { typedLine } from '../bot/line.ts';
import type { Catalogue } from '../commands/catalogue.ts';
import type { Rehearsal, Rehearsed } from '../commands/rehearsal.ts';
import type { Whereabouts } from '../commands/whereabouts.ts';
import { connectControl, type Control } from '../control/control.ts';
import { text } from '../document/document.ts';
import { memoryInput } from '../inputs/memory/memory.ts';
import type { Log } from '../log/log.ts';
import { memoryState } from '../state/memory.ts';

export interface RehearsalOptions {
  readonly where: Whereabouts;
  /** With the commands that a bot has, whose names nobody else can have. */
  readonly catalogue: (control: Control) => Promise<Catalogue>;
  readonly log: Log;
}

/** Who has the terminal has the network: nothing keeps them from calling a service. */
const everything: Access = {
  decide: ({ identity: { user } }) => ({
    isAllowed: true,
    person: user,
    why: '',
    path: [],
    confirm: false,
    approvals: 0,
    scopes: [],
  }),
  personOf: ({ user, name, isKnown }) => ({ id: user, name, isKnown, roles: new Set() }),
  everybody: () => [],
};

/** Opens a bot that nobody else talks to, when all services were seen. It keeps nothing. Rejects with a `CommandError` when the registry is lost. */
export async function openRehearsal(
  { where, catalogue: open, log }: RehearsalOptions,
  signal: AbortSignal,
): Promise<Rehearsal> {
  await where.names(signal);
  const input = memoryInput('cli');
  const control = await connectControl({
    state: memoryState(),
    audit: memoryAudit(),
    commands: () => catalogue.current,
    inputs: () => [input],
    circuits: () => [],
    log,
  });
  const catalogue = await open(control).catch(async (error: unknown) => {
    await control.close();
    throw error;
  });
  await catalogue.ready;
  const set = catalogue.current;
  let count = 0;
  const stop = new AbortController();
  const leave = (): void => stop.abort();
  const bot = createBot({ access: everything, inputs: [input], commands: () => set, graceMs: 0, log });
  const running = bot.run(stop.signal);
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();

  return {
    set,
    find: (line) => set.find(typedLine(line).head(set.longest)),
    async say(line) {
      signal.throwIfAborted();
      let outcome: Rehearsed['outcome'] = 'failed';
      const replies = await input.say(line, {
        sender: 'verify',
        // What is asked for in one conversation must not be taken from the next line.
        room: String((count += 1)),
        onOutcome: (known) => {
          outcome = known === 'waits' ? 'asked' : known === 'done' ? 'done' : 'failed';
        },
      });
      return { document: replies.at(-1)?.document ?? text('nothing was answered'), outcome };
    },
    serves: async (service) => (await where.of(service)).length > 0,
    async close() {
      signal.removeEventListener('abort', leave);
      leave();
      await running;
      await catalogue.close();
      await control.close();
    },
  };
}
