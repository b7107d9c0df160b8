import { createBot } from '../bot/bot.ts';
import { memoryAudit } from '../audit/memory.ts';
import type { AuditFilter, AuditRecord } from '../audit/audit.ts';
import { builtins } from '../commands/builtins.ts';
import { createCatalogue } from '../commands/catalogue.ts';
import type { Command } from '../commands/command.ts';
import { connectControl } from '../control/control.ts';
import type { Input } from '../inputs/input.ts';
import { type MemoryInput, memoryInput } from '../inputs/memory/memory.ts';
import { type Log, silent } from '../log/log.ts';
import { memoryState } from '../state/memory.ts';
import { type Answer, answerOf } from './answer.ts';
import { type HandClock, handClock } from './clock.ts';
import { createEars, type Heard } from './ears.ts';
import { openNetwork, type TestNetwork, type TestService } from './network.ts';
import { accountOf, inputsOf } from './people.ts';

export type { Answer, Heard, TestNetwork, TestService };

export interface TestBotOptions {
  /** Commands of your own: they win over those of services. */
  readonly commands?: readonly Command[];
  /** Services that run as long as the bot does, each made for its network. */
  readonly services?: readonly ((network: TestNetwork) => TestService)[];
  /** What services are found and reached through. Default: all of it in memory. What is given here stays yours to close. */
  readonly network?: Partial<TestNetwork>;
  /** What stands in the access file. Without it everybody may run what sets no conditions, and nobody what does. */
  readonly access?: string;
  /** Networks on which something is said, beside `test`, `console` and those that `access` names. */
  readonly inputs?: readonly string[];
  /** What people call it in rooms. Default `micro`. */
  readonly name?: string;
  /** A moment, `2026-11-20T09:00:00Z`: the time of schedules, rules and approvals stands there, and only `pass` moves it. Default: it is now. */
  readonly now?: string;
  /** Of times that lines name without a zone: `Europe/Berlin`. Default: the machine's. */
  readonly timeZone?: string;
  /** Milliseconds, for commands that don't say how long they may run. Default 30,000. */
  readonly timeoutMs?: number;
  readonly log?: Log;
}

export interface SayOptions {
  /** Who says it: a person of the access file, or anybody. Default `somebody`. */
  readonly as?: string;
  /** The room, by its id or its name (`#ops`). Default: a direct conversation. */
  readonly in?: string;
  /** A conversation of its own within the room. */
  readonly thread?: string;
  /** The network. Default: the first on which that person has an account, or `test`. */
  readonly input?: string;
  /** False: the network does not vouch for who it is. Default true. */
  readonly isKnown?: boolean;
}

/** A bot that runs, with nothing around it but this process. */
export interface TestBot extends AsyncDisposable {
  /** Says a line to the bot, and resolves with the answer when nothing more will come. */
  say(line: string, options?: SayOptions): Promise<Answer>;
  /**
   * What the bot says without having been asked just now: the oldest that nobody took yet. Waits for it; rejects with an `Error` when nothing comes
   * in 5 seconds. `where`: a room, or the person to whom it is said alone.
   */
  heard(where?: string): Promise<Heard>;
  /** What was recorded, oldest first. */
  audit(filter?: AuditFilter): Promise<readonly AuditRecord[]>;
  /** Lets time pass, in milliseconds. Throws an `Error` where it was not stopped with `now`. */
  pass(ms: number): Promise<void>;
  /** Ends what runs, the bot and the services. May be called twice. */
  [Symbol.asyncDispose](): Promise<void>;
}

const mostRecords = 10_000;

/**
 * Starts a bot to try commands and services on. It is put together as the command line's is: rules, approvals, jobs, schedules, aliases, pipes and
 * audit are all there. Throws a sentence when the access rules cannot be used.
 */
export async function testBot(options: TestBotOptions = {}): Promise<TestBot> {
  const { commands = [], services = [], access, name = 'micro', timeoutMs = 30_000, log = silent } = options;
  const clock = options.now === undefined ? undefined : handClock(momentOf(options.now));
  const ends: (() => unknown)[] = [];
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    for (const each of ends.toReversed()) await each();
  };

  try {
    const network = openNetwork(options.network ?? {}, name, log);
    ends.push(() => network.close());
    const audit = memoryAudit(clock === undefined ? {} : { now: () => clock.now() });
    let listening: readonly Input[] = [];
    const control = await connectControl({
      state: memoryState(),
      audit,
      accessText: access,
      defaults: { read: 'allow', change: 'allow' },
      commands: () => catalogue.current,
      inputs: () => listening,
      circuits: () => [],
      timeZone: options.timeZone,
      ...(clock === undefined ? {} : { clock }),
      log,
    });
    ends.push(() => control.close());
    for (const make of services) {
      const service = make(network);
      await service.start();
      ends.push(() => service.stop());
    }
    const catalogue = createCatalogue({
      ...network,
      builtins: (current) => [
        ...commands,
        ...control.commands,
        ...builtins({ ...network, commands: current, asker: control.asker }),
      ],
      log,
    });
    ends.push(() => catalogue.close());
    await catalogue.ready;

    const ears = createEars();
    ends.push(() => ears.close());
    const { policy } = control.bot.access;
    const memories = new Map(inputsOf(policy, options.inputs ?? []).map((each) => [each, memoryInput(each)]));
    listening = [...memories.values()].map((each) => ears.on(each));
    const bot = createBot({
      ...control.bot,
      name,
      inputs: listening,
      commands: () => catalogue.current,
      timeoutMs,
      graceMs: 0,
      log,
    });
    const stop = new AbortController();
    const running = bot.run(stop.signal);
    ends.push(async () => {
      stop.abort();
      await running;
    });

    return {
      async say(line, { as = 'somebody', in: room, thread, input, isKnown } = {}) {
        if (ending !== undefined) throw new Error('the bot has ended');
        const account = accountOf(policy, as, input);
        return answerOf(memoryOf(memories, account.input), line, {
          sender: account.user,
          room: room ?? account.user,
          direct: room === undefined,
          addressed: true,
          ...(thread === undefined ? {} : { thread }),
          ...(isKnown === undefined ? {} : { isKnown }),
        });
      },
      heard(where) {
        const users = where === undefined ? [] : [where, ...(policy.people.get(where)?.ids ?? [])];
        return ears.take(
          (heard) =>
            where === undefined || users.includes(heard.where) || users.includes(`${heard.input}:${heard.where}`),
          where === undefined ? 'nothing was said' : `nothing was said to ${where}`,
        );
      },
      audit: (filter = {}) => audit.find(filter, mostRecords),
      pass: async (ms) => byHand(clock).pass(ms),
      [Symbol.asyncDispose]: () => (ending ??= end()),
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function memoryOf(memories: ReadonlyMap<string, MemoryInput>, input: string): MemoryInput {
  const found = memories.get(input);
  if (found !== undefined) return found;
  throw new Error(`nobody listens on ${input}, only on ${[...memories.keys()].join(', ')}: name it in inputs`);
}

function momentOf(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error(`${text} is no moment: write it as 2026-11-20T09:00:00Z`);
  return at;
}

function byHand(clock: HandClock | undefined): HandClock {
  if (clock === undefined) throw new Error('the time goes by itself here: stop it with now');
  return clock;
}
