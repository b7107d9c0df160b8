import { join } from 'node:path';
import { ConfigError } from './error.ts';
import type { Flag } from './flag.ts';
import type { Environment, Values } from './values.ts';

export type Default = 'allow' | 'deny';

/** Who may do what with the bot, and what it remembers. */
export interface ControlConfig {
  /** Where it remembers; undefined: until it ends, in memory. */
  readonly stateDirectory: string | undefined;
  /** Undefined: there are only the defaults. */
  readonly accessFile: string | undefined;
  /** For what no rule speaks of. */
  readonly defaults: { readonly read: Default; readonly change: Default };
  /** A file, or `level:` and a directory. Undefined: nothing is recorded. */
  readonly auditFile: string | undefined;
  /** How many full files of the audit are kept. Undefined: all. */
  readonly auditKeep: number | undefined;
  /** For times that people name without a zone. Undefined: the machine's. */
  readonly timeZone: string | undefined;
}

const flag = (name: string, usage: string, rest: Partial<Flag> = {}): Flag => ({
  name,
  kind: 'string',
  env: `MICRO_BOT_${name.toUpperCase()}`,
  usage,
  ...rest,
});

export const controlFlags: readonly Flag[] = [
  flag('access', 'File with people, roles and rules: who may run what. It is watched'),
  flag('default_read', 'Whether people may run what only reads, when no rule speaks of it. allow, deny', {
    default: 'allow',
  }),
  flag('default_change', 'Whether people may run what may change something, when no rule speaks of it. allow, deny', {
    default: 'deny',
  }),
  flag(
    'state',
    'Directory in which the bot remembers approvals, schedules, links and aliases; none: it remembers nothing',
  ),
  flag(
    'audit',
    'File that records what was run, by whom and how it ended; level:DIRECTORY: a LevelDB database; none: nothing is recorded',
  ),
  flag(
    'audit_keep',
    'How many full files of the audit to keep, of 64 MiB each, or as many records in LevelDB; older ones are removed. Default: all',
    {
      kind: 'integer',
    },
  ),
  flag('time_zone', "Time zone of times that people name without one, such as Europe/Berlin. Default: the machine's"),
];

export function readControl(values: Values, env: Environment): ControlConfig {
  const state = values.string('state') ?? usualState(env);
  const stateDirectory = state === 'none' ? undefined : state;
  const audit =
    values.string('audit') ?? (stateDirectory === undefined ? 'none' : join(stateDirectory, 'audit.ndjson'));
  if (audit === 'level:') throw new ConfigError('invalid', 'audit names no directory: level:/var/lib/micro/audit');
  const auditKeep = values.string('audit_keep') === undefined ? undefined : values.integer('audit_keep', 1);
  return {
    stateDirectory,
    accessFile: values.string('access'),
    defaults: { read: readDefault(values, 'default_read'), change: readDefault(values, 'default_change') },
    auditFile: audit === 'none' ? undefined : audit,
    auditKeep,
    timeZone: readTimeZone(values.string('time_zone')),
  };
}

/** Where programs of a person keep their state, by the XDG base directory specification. */
function usualState({ XDG_STATE_HOME: own, HOME: home }: Environment): string {
  if (own !== undefined && own.startsWith('/')) return join(own, 'micro-bot');
  return home === undefined || home === '' ? 'none' : join(home, '.local', 'state', 'micro-bot');
}

function readDefault(values: Values, name: string): Default {
  const text = values.string(name) ?? '';
  if (text === 'allow' || text === 'deny') return text;
  throw new ConfigError('invalid', `failed to parse ${name}: ${text} is none of allow, deny`);
}

function readTimeZone(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions();
    // A zone that got another name is shown as it was asked for: Asia/Kolkata.
    return timeZone.toLowerCase() === text.toLowerCase() ? timeZone : text;
  } catch (error) {
    const message = `failed to parse time_zone: ${text} is no time zone; write it as Europe/Berlin or UTC`;
    throw new ConfigError('invalid', message, { cause: error });
  }
}
