import type { AuditEvent, AuditRecord } from '../../../src/audit/audit.ts';
import type { KeptAudit } from '../../../src/audit/kept.ts';
import { memoryAudit } from '../../../src/audit/memory.ts';
import { withResolvers } from '../../../src/async/queue.ts';
import type { BotOptions } from '../../../src/bot/bot.ts';
import { type BotJobs, createJobs, type JobsOptions } from '../../../src/bot/jobs/create.ts';
import type { Command, Invocation } from '../../../src/commands/command.ts';
import type { Document } from '../../../src/document/document.ts';
import type { Log } from '../../../src/log/log.ts';
import { command, type RunningBot, runningBot } from '../../support/bot.ts';
import { until } from '../../support/until.ts';

/** One run of `work`, which goes on until it is let go. */
export interface Working {
  readonly what: string;
  readonly signal: AbortSignal;
  readonly finish: () => void;
}

export interface World extends AsyncDisposable {
  readonly bot: RunningBot;
  readonly jobs: BotJobs;
  readonly records: () => Promise<readonly AuditRecord[]>;
  /** What the log got, as one text. */
  readonly logged: () => string;
  /** What ran, and what of it is not let go yet. */
  readonly working: readonly Working[];
  began(what: string): Promise<Working>;
  /** What the audit does with the next events. */
  audit: (event: AuditEvent, write: () => Promise<void>) => Promise<void>;
  /** Each invocation that began, with its ends: there must be one. */
  ends(): Promise<Readonly<Record<string, readonly string[]>>>;
}

export interface WorldOptions {
  readonly commands?: readonly Command[];
  readonly jobs?: JobsOptions;
  readonly bot?: Partial<BotOptions>;
  /** Of `work`. */
  readonly work?: Partial<Command>;
}

/** A bot with all there is, and with `work`, which runs until it is let go, and `look`, which only reads. */
export function openWorld(options: WorldOptions = {}): World {
  const kept: KeptAudit = memoryAudit();
  const jobs = createJobs(options.jobs);
  const working: Working[] = [];
  let logged = '';
  const work: Command = {
    ...command('work', () => ''),
    run: async ({ args, signal }: Invocation): Promise<Document> => {
      const { promise, resolve } = withResolvers<void>();
      const what = args.after(0);
      working.push({ what, signal, finish: () => resolve() });
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      return { kind: 'text', text: `worked ${what}` };
    },
    ...options.work,
  };
  const look = command('look', ({ args }) => `looked ${args.after(0)}`, { effect: 'read' });
  const bot = runningBot([work, look, ...jobs.commands, ...(options.commands ?? [])], {
    jobs,
    audit: {
      write: (event) => world.audit(event, () => kept.write(event)),
      find: (filter, most) => kept.find(filter, most),
      close: () => kept.close(),
    },
    log: logging((line) => {
      logged += `${line}\n`;
    }),
    ...options.bot,
  });
  const world: World = {
    bot,
    jobs,
    working,
    records: () => kept.find({}, 1_000),
    logged: () => logged,
    began: (what) => until(() => working.find((each) => each.what === what)),
    audit: (_, write) => write(),
    async ends() {
      const found: Record<string, string[]> = {};
      for (const record of await kept.find({}, 1_000)) {
        if (record.kind === 'started') found[record.line] = [];
        else if (record.kind === 'ended') endsOf(record.id, await kept.find({ id: record.id }, 10), found);
      }
      return found;
    },
    [Symbol.asyncDispose]: () => bot[Symbol.asyncDispose](),
  };
  return world;
}

function endsOf(id: string, records: readonly AuditRecord[], found: Record<string, string[]>): void {
  const started = records.find((each) => each.kind === 'started' && each.id === id);
  if (started?.kind !== 'started') throw new Error(`${id} has an end and never began`);
  found[started.line] = records.flatMap((each) => (each.kind === 'ended' ? [each.outcome] : []));
}

/** Errors with their stacks, as a log would show them. */
function logging(write: (line: string) => void): Log {
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      const shown = JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? value.stack : value));
      write(`${level} ${message} ${shown}`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
