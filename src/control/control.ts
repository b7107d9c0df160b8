import { createClosers } from '../async/closers.ts';
import { accessCommands } from '../access/commands.ts';
import { createAccess, type FileAccess } from '../access/create.ts';
import { createElevations } from '../access/elevations.ts';
import type { Defaults } from '../access/policy.ts';
import { auditCommands } from '../audit/commands.ts';
import type { KeptAudit } from '../audit/kept.ts';
import { unrecorded } from '../audit/unrecorded.ts';
import { createAliases } from '../bot/alias/create.ts';
import { createApprovals } from '../bot/approval/create.ts';
import type { BotOptions } from '../bot/bot.ts';
import { identityOf } from '../bot/invocation/caller.ts';
import { createCheck, mayRun } from '../bot/invocation/check.ts';
import { createJobs } from '../bot/jobs/create.ts';
import { lastJobs } from '../bot/jobs/recorded.ts';
import { reporting } from '../bot/jobs/unfinished.ts';
import { reaching } from '../bot/reach.ts';
import { type Clock, systemClock } from '../bot/schedule/clock.ts';
import { createSchedules } from '../bot/schedule/create.ts';
import type { Caller, Command } from '../commands/command.ts';
import type { Asker } from '../commands/help-view.ts';
import { filters } from '../commands/filters/filters.ts';
import type { CommandSet } from '../commands/set.ts';
import type { Document } from '../document/document.ts';
import type { Input, Place, Speech } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';
import type { State } from '../state/state.ts';

export interface ControlOptions {
  /** Both stay their owner's to close, after this. */
  readonly state: State;
  /** Undefined: nothing is recorded. */
  readonly audit: KeptAudit | undefined;
  /** The rules: a file that is followed, or their text. Neither: there are only the defaults. */
  readonly accessFile?: string | undefined;
  readonly accessText?: string | undefined;
  /** For what no rule speaks of, where there is no file. */
  readonly defaults?: Partial<Defaults> | undefined;
  readonly commands: () => CommandSet;
  /** What can be reached, as soon as there is something. */
  readonly inputs: () => readonly Input[];
  /** Lines about services that are spared at the moment. */
  readonly circuits: () => readonly string[];
  /** For times that people name without a zone. Default: the machine's. */
  readonly timeZone?: string | undefined;
  /** What schedules, rules and approvals take for the time. Default: the system's. */
  readonly clock?: Clock;
  readonly log: Log;
}

/** Who may do what, whose word it needs, what waits and runs, and what is remembered and recorded of it. */
export interface Control {
  readonly bot: Pick<BotOptions, 'audit' | 'approvals' | 'jobs' | 'aliases' | 'schedules' | 'rewrite'> & {
    readonly access: FileAccess;
  };
  /** The commands that people look after these things with. */
  readonly commands: readonly Command[];
  /** What `help` is to know of who asks. */
  readonly asker: Required<Asker>;
  /** What those who look after the bot must know. */
  readonly troubles: () => readonly string[];
  close(): Promise<void>;
}

/** Puts commands under a heading of `help`. */
const about = (topic: string, commands: readonly Command[]): readonly Command[] =>
  commands.map((each) => ({ ...each, topic }));

/** Connects these things to each other. Throws a sentence when the rules cannot be used, or what was remembered cannot be read. */
export async function connectControl(options: ControlOptions): Promise<Control> {
  const { state, audit, accessFile, accessText, defaults, commands, inputs, circuits, timeZone, log } = options;
  const { clock = systemClock } = options;
  const now = (): number => clock.now();
  const closers = createClosers();

  try {
    const notes = audit ?? { write: async (): Promise<void> => {} };
    const reach = (input: string, place: Place): Speech => reaching(inputs())(input, place);
    const announce = async (input: string, place: Place, document: Document): Promise<void> => {
      const speech = reach(input, place);
      try {
        await speech.say(document, 'answer');
      } finally {
        speech.end();
      }
    };

    let access: FileAccess | undefined;
    const elevations = closers.keep(
      await createElevations({
        state,
        rules: () => ({ breakGlass: (identity) => access?.breakGlass(identity) }),
        announce: ({ input, room }, document) => announce(input, { kind: 'room', room }, document),
        audit: notes,
        now,
        log,
      }),
    );
    const given = { file: accessFile, text: accessText, defaults };
    const rules = closers.keep(await createAccess({ ...given, state, elevations, audit: notes, commands, now, log }));
    access = rules;
    const holds = (caller: Caller, ...roles: readonly string[]): boolean => {
      const person = rules.personOf(identityOf(caller));
      return roles.some((role) => person.roles.has(role));
    };
    const mayAdmin = (caller: Caller): boolean => holds(caller, 'admin');

    const aliases = await createAliases({ state, commands, mayAdmin, log });
    const approvals = closers.keep(
      await createApprovals({
        state,
        access: rules,
        audit: notes,
        announce: ({ input, place }, document) => announce(input, place, document),
        now,
        log,
      }),
    );
    const jobs = createJobs({
      firstId: (audit?.lastId ?? 0) + 1,
      history: audit === undefined ? [] : await lastJobs(audit),
      mayAdmin,
      circuits,
      also: async (id, caller) => (await schedules.cancel(id, caller)) ?? (await approvals.cancel(id, caller)),
      log,
    });
    const report = closers.keep(reporting({ unfinished: audit?.unfinished ?? [], announce, log }));
    const expand = (line: string, caller: Caller): string =>
      aliases.expand(line, { person: caller.person ?? '', input: caller.input, room: caller.room })?.line ?? line;
    const check = createCheck({ commands, access: rules, expand, log });
    const schedules = closers.keep(
      await createSchedules({
        state,
        audit: notes,
        unfinished: audit?.unfinished ?? [],
        reach,
        check: (line, caller) => check.line(line, caller),
        isAnswered: (line) => check.isAnswered(line),
        secrets: (line, caller) => check.secrets(line, caller),
        mayAdmin,
        timeZone,
        clock,
        log,
      }),
    );

    return {
      bot: {
        access: rules,
        ...(audit === undefined ? {} : { audit }),
        approvals,
        jobs,
        aliases,
        schedules: {
          ...schedules,
          start(run) {
            report.begin();
            schedules.start(run);
          },
        },
        rewrite: (said, caller) => jobs.rerunLine(said, caller),
      },
      commands: [
        ...about('Access', [
          ...accessCommands({
            access: rules,
            question: (line, caller) => check.wish(line, caller),
            secrets: (line, caller) => check.secrets(line, caller),
            now,
            tell: ({ input, user }, document) => announce(input, { kind: 'person', person: user }, document),
          }),
          ...elevations.commands,
        ]),
        ...about('Approvals', approvals.commands),
        ...about('Jobs', jobs.commands),
        ...about('Schedules', schedules.commands),
        ...aliases.commands,
        ...filters,
        ...(audit === undefined
          ? [unrecorded]
          : about('Audit', auditCommands({ audit, mayRead: (caller) => holds(caller, 'auditor', 'admin') }))),
      ],
      asker: {
        mayRun: mayRun(rules, log),
        secrets: (line, caller) => check.secrets(line, caller),
        names: (caller) => aliases.named(caller),
      },
      troubles: () => [
        ...(rules.problem === undefined
          ? []
          : [`the access file cannot be used, an earlier one counts: ${rules.problem}`]),
        ...(audit?.outage === undefined ? [] : [`nothing can be recorded: ${audit.outage.reason}`]),
        ...(state.outage === undefined ? [] : [`not everything can be remembered: ${state.outage}`]),
        ...circuits(),
      ],
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
