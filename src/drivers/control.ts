import type { FileAccess } from '../access/create.ts';
import type { KeptAudit } from '../audit/kept.ts';
import type { BotOptions } from '../bot/bot.ts';
import type { Caller, Command } from '../commands/command.ts';
import type { CommandSet } from '../commands/set.ts';
import type { ControlConfig } from '../config/control.ts';
import type { Document } from '../document/document.ts';
import type { Input, Place, Speech } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';

export interface ControlDeps {
  readonly config: ControlConfig;
  readonly commands: () => CommandSet;
  /** What can be reached, as soon as there is something. */
  readonly inputs: () => readonly Input[];
  /** Lines about services that are spared at the moment. */
  readonly circuits: () => readonly string[];
  readonly log: Log;
}

/** Who may do what, whose word it needs, what waits and runs, and what is remembered and recorded of it. */
export interface Control {
  readonly bot: Pick<BotOptions, 'access' | 'audit' | 'approvals' | 'jobs' | 'aliases' | 'schedules' | 'rewrite'>;
  /** The commands that people look after these things with. */
  readonly commands: readonly Command[];
  /** Whether somebody may run a command, with some arguments or others. */
  readonly mayRun: (command: Command, caller: Caller) => boolean | Promise<boolean>;
  /** What those who look after the bot must know. */
  readonly troubles: () => readonly string[];
  close(): Promise<void>;
}

/** Puts commands under a heading of `help`. */
const about = (topic: string, commands: readonly Command[]): readonly Command[] =>
  commands.map((each) => ({ ...each, topic }));

/** Throws a sentence when the access file cannot be used, or another bot has the state directory or the audit. */
export async function openControl({ config, commands, inputs, circuits, log }: ControlDeps): Promise<Control> {
  const [
    { fileState },
    { memoryState },
    { createAccess },
    { accessCommands },
    { createElevations },
    { openAuditFile },
    { auditCommands },
    { filters },
    { createAliases },
    { createApprovals },
    { createCheck, identityOf, mayRun },
    { createJobs },
    { jobsOf },
    { createSchedules },
    { reaching },
  ] = await Promise.all([
    import('../state/files.ts'),
    import('../state/memory.ts'),
    import('../access/create.ts'),
    import('../access/commands.ts'),
    import('../access/elevations.ts'),
    import('../audit/file.ts'),
    import('../audit/commands.ts'),
    import('../commands/filters/filters.ts'),
    import('../bot/alias/create.ts'),
    import('../bot/approval/create.ts'),
    import('../bot/invocation/check.ts'),
    import('../bot/jobs/create.ts'),
    import('../bot/jobs/recorded.ts'),
    import('../bot/schedule/create.ts'),
    import('../bot/reach.ts'),
  ]);
  const open: { close(): unknown }[] = [];
  const close = async (): Promise<void> => {
    for (const each of open.toReversed()) await each.close();
  };
  const keep = <T extends { close(): unknown }>(each: T): T => {
    open.push(each);
    return each;
  };

  try {
    const { stateDirectory, accessFile, auditFile, defaults } = config;
    const state = keep(
      stateDirectory === undefined ? memoryState() : await fileState({ directory: stateDirectory, log }),
    );
    if (stateDirectory === undefined) log.warn('nothing is remembered when the bot ends: there is no state directory');
    const audit: KeptAudit | undefined =
      auditFile === undefined ? undefined : keep(await openAuditFile({ path: auditFile, log }));
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
    const elevations = keep(
      await createElevations({
        state,
        rules: () => ({ breakGlass: (identity) => access?.breakGlass(identity) }),
        announce: ({ input, room }, document) => announce(input, { kind: 'room', room }, document),
        audit: notes,
        log,
      }),
    );
    const rules = keep(await createAccess({ file: accessFile, defaults, state, elevations, audit: notes, log }));
    access = rules;
    const holds = (caller: Caller, ...roles: readonly string[]): boolean => {
      const person = rules.personOf(identityOf(caller));
      return roles.some((role) => person.roles.has(role));
    };
    const mayAdmin = (caller: Caller): boolean => holds(caller, 'admin');

    const aliases = await createAliases({ state, commands, mayAdmin, log });
    const approvals = keep(
      await createApprovals({
        state,
        access: rules,
        audit: notes,
        announce: ({ input, place }, document) => announce(input, place, document),
        log,
      }),
    );
    const jobs = createJobs({
      firstId: (audit?.lastId ?? 0) + 1,
      history: audit === undefined ? [] : jobsOf(await audit.find({}, 2_000)),
      mayAdmin,
      circuits,
      also: async (id, caller) => (await schedules.cancel(id, caller)) ?? (await approvals.cancel(id, caller)),
      log,
    });
    const expand = (line: string, caller: Caller): string =>
      aliases.expand(line, { person: caller.person ?? '', input: caller.input, room: caller.room }) ?? line;
    const check = createCheck({ commands, access: rules, expand, log });
    const schedules = keep(
      await createSchedules({
        state,
        audit: notes,
        reach,
        check: check.line,
        mayAdmin,
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
        schedules,
        rewrite: (said, caller) => jobs.rerunLine(said, caller),
      },
      commands: [
        ...about('Access', [
          ...accessCommands({
            access: rules,
            question: check.wish,
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
          ? []
          : about('Audit', auditCommands({ audit, mayRead: (caller) => holds(caller, 'auditor', 'admin') }))),
      ],
      mayRun: mayRun(rules, log),
      troubles: () => [
        ...(rules.problem === undefined
          ? []
          : [`the access file cannot be used, an earlier one counts: ${rules.problem}`]),
        ...(audit?.outage === undefined ? [] : [`nothing can be recorded: ${audit.outage.reason}`]),
        ...circuits(),
      ],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
