import type { Audit } from '../../audit/audit.ts';
import type { Caller, Command } from '../../commands/command.ts';
import { type Log, silent } from '../../log/log.ts';
import type { State } from '../../state/state.ts';
import type { Reach } from '../reach.ts';
import { openBook } from './book.ts';
import { openCalendar } from './calendar.ts';
import { type Clock, systemClock } from './clock.ts';
import { definitionCommands } from './definitions.ts';
import { createEngine } from './engine.ts';
import { nothing } from './kept.ts';
import { listing } from './listing.ts';
import { tellLost, type Unfinished } from './lost.ts';
import { lateIn, tellingMissed } from './missed.ts';
import { type Checked, maker } from './maker.ts';
import { managing } from './managing.ts';
import { createRunner } from './runner.ts';
import type { Schedules } from './schedules.ts';
import { createTeller } from './teller.ts';
import { createVoice } from './voice.ts';
import { machineZone } from './zone.ts';

export interface SchedulesOptions {
  readonly state: State;
  /** What it tells of a run that the bot did not live to see the end of is told to people. */
  readonly audit?: Pick<Audit, 'write'> & Partial<Pick<Audit, 'find'>>;
  /** What ran when the bot went down the last time. Default: nothing. */
  readonly unfinished?: readonly Unfinished[];
  readonly reach: Reach;
  /** Asked once, before a line is kept. */
  readonly check: (line: string, caller: Caller) => Promise<Checked>;
  /** Whether there is a command for a line at the moment. Default: there is. */
  readonly isAnswered?: (line: string) => boolean;
  /** What of a line nobody may see again. Default: nothing. */
  readonly secrets?: (line: string, caller: Caller) => Promise<readonly string[]>;
  /** Who may see and end those of others. */
  readonly mayAdmin: (caller: Caller) => boolean;
  /** For times that name none. Default: the machine's. */
  readonly timeZone?: string | undefined;
  /** How often a line may repeat. Default: once a minute. */
  readonly leastEveryMs?: number;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** Lines that run later. Throws a `StateError`. */
export async function createSchedules(
  options: SchedulesOptions,
): Promise<Schedules & { readonly commands: readonly Command[] }> {
  const { state, audit, reach, check, mayAdmin, secrets = async () => [], isAnswered = () => true } = options;
  const { timeZone: zone = machineZone(), leastEveryMs = 60_000, clock = systemClock, log = silent } = options;
  const { unfinished = [] } = options;
  const calendar = await openCalendar();
  const book = openBook(
    await state.shelf('schedules', async (kept) => (await import('./schema.ts')).readShelved(kept), nothing),
    () => clock.now(),
  );
  const teller = createTeller(reach, clock, log);
  const voice = createVoice(teller, audit, log);
  const tellMissed = tellingMissed({ book, voice, calendar, zone, log });
  const engine = createEngine({ book, voice, clock, calendar, zone, tellMissed, isAnswered, log });
  await engine.load();
  const make = maker({ book, voice, engine, clock, calendar, zone, reach, check, log });
  const { commands, cancel, stop } = managing({ book, voice, engine, mayAdmin, log });
  return {
    commands: [
      ...definitionCommands(() => ({ now: clock.now(), zone, calendar, leastEveryMs }), make, secrets),
      listing({ book, clock, zone, mayAdmin }),
      ...commands,
    ],
    start(run) {
      void tellLost({ book, voice, audit, unfinished, zone, log });
      void tellMissed(lateIn(book), clock.now());
      engine.start(createRunner({ book, voice, clock, zone, log, run }));
    },
    cancel,
    stop,
    close() {
      engine.close();
      teller.close();
    },
  };
}
