import { z } from 'zod';
import { parseDuration } from '../runtime/duration.ts';
import { commandGlob, type Glob } from './glob.ts';
import { flawOf } from './identifier.ts';
import { type Weekly, readWeekly } from './weekly.ts';

/** Turns a word into what it stands for, with the sentence of its `Error` as the mistake. */
const reading =
  <T>(read: (text: string) => T) =>
  (text: string, context: z.RefinementCtx): T => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'cannot be read' });
      return z.NEVER;
    }
  };

/** One, or a list of them. */
const some = <T extends z.ZodType>(of: T): z.ZodPreprocess<z.ZodArray<T>> =>
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(of).min(1).max(10_000));

/** Names that people write: what cannot be seen or told apart is refused. */
const word = z
  .string()
  .max(256)
  .superRefine((text, context) => {
    const flaw = flawOf(text);
    if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw });
  });
const name = word.refine((text) => !/[\s:*#]/.test(text), { error: 'a name has no space, `:`, `*` or `#` in it' });
const role = word.refine((text) => !/[\s*,]/.test(text), { error: 'a role has no space, `*` or `,` in it' });
const because = z.string().min(1).max(300);
const command = word.transform(commandGlob);
const weekly = word.transform(reading(readWeekly));
const duration = word.transform(
  reading((text) => {
    const forMs = parseDuration(text) ?? 0;
    if (forMs < 1_000 || forMs > 86_400_000) throw new Error('must be a time such as 30m, of 24h at most');
    return forMs;
  }),
);
/** Without a zone it would mean another moment on another machine. */
const moment = z.iso
  .datetime({ offset: true, error: 'must be a moment with its zone: 2026-12-20T00:00:00Z' })
  .transform((text) => Date.parse(text));
const value = z.union([
  z.string().max(1_000),
  z.boolean(),
  z.int({ error: 'put it into quotes: only whole numbers do without' }),
]);
const verdict = z.enum(['allow', 'deny']);

const person = z.preprocess(
  (given) => (typeof given === 'string' || Array.isArray(given) ? { ids: given } : given),
  z.strictObject({ ids: some(word), name: z.string().min(1).max(100).optional() }),
);

const rule = z.strictObject({
  command: some(command),
  effect: z.enum(['read', 'change']).optional(),
  with: z.record(word, some(value)).optional(),
  people: some(word).optional(),
  roles: some(role).optional(),
  rooms: some(word).optional(),
  times: some(weekly).optional(),
  confirm: z.boolean().optional(),
  approvals: z.int().min(0).max(20).optional(),
  deny: z.literal(true, { error: 'is true, or left out' }).optional(),
  grant: z.literal(true, { error: 'is true, or left out' }).optional(),
  because: because.optional(),
});

const freeze = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  times: some(weekly).optional(),
  commands: some(command).optional(),
  except: z.strictObject({ roles: some(role).optional(), people: some(word).optional() }).optional(),
  because: because.optional(),
});

const shape = z.strictObject({
  people: z.record(name, person).optional(),
  groups: z.record(name, some(word)).optional(),
  roles: z.record(role, some(word)).optional(),
  defaults: z.strictObject({ read: verdict.optional(), change: verdict.optional() }).optional(),
  rooms: z.record(word, z.strictObject({ commands: some(command) })).optional(),
  rules: z.array(rule).max(10_000).optional(),
  freezes: z.array(freeze).max(1_000).optional(),
  break_glass: z
    .strictObject({ roles: some(role), for: duration, announce: some(word), people: some(word) })
    .optional(),
  console: z.enum(['owner', 'nobody']).optional(),
});

type Some<T> = readonly T[];
type Maybe<T> = T | undefined;

export interface RuleShape {
  readonly command: Some<Glob>;
  readonly effect?: Maybe<'read' | 'change'>;
  readonly with?: Maybe<Readonly<Record<string, Some<string | number | boolean>>>>;
  readonly people?: Maybe<Some<string>>;
  readonly roles?: Maybe<Some<string>>;
  readonly rooms?: Maybe<Some<string>>;
  readonly times?: Maybe<Some<Weekly>>;
  readonly confirm?: Maybe<boolean>;
  readonly approvals?: Maybe<number>;
  readonly deny?: Maybe<true>;
  readonly grant?: Maybe<true>;
  readonly because?: Maybe<string>;
}

export interface FreezeShape {
  /** Milliseconds since the epoch. */
  readonly from?: Maybe<number>;
  readonly to?: Maybe<number>;
  readonly times?: Maybe<Some<Weekly>>;
  readonly commands?: Maybe<Some<Glob>>;
  readonly except?: Maybe<{ readonly roles?: Maybe<Some<string>>; readonly people?: Maybe<Some<string>> }>;
  readonly because?: Maybe<string>;
}

type Named<T> = Maybe<Readonly<Record<string, T>>>;

/** The access file as it is written, with each word understood by itself. What the names in it mean is not looked at yet. */
export interface PolicyShape {
  readonly people?: Named<{ readonly ids: Some<string>; readonly name?: Maybe<string> }>;
  readonly groups?: Named<Some<string>>;
  readonly roles?: Named<Some<string>>;
  readonly defaults?: Maybe<{ readonly read?: Maybe<'allow' | 'deny'>; readonly change?: Maybe<'allow' | 'deny'> }>;
  readonly rooms?: Named<{ readonly commands: Some<Glob> }>;
  readonly rules?: Maybe<Some<RuleShape>>;
  readonly freezes?: Maybe<Some<FreezeShape>>;
  readonly break_glass?: Maybe<{
    readonly roles: Some<string>;
    readonly for: number;
    readonly announce: Some<string>;
    readonly people: Some<string>;
  }>;
  readonly console?: Maybe<'owner' | 'nobody'>;
}

/** Calls `complain` for each mistake; undefined when there was one. */
export function readShape(
  value: unknown,
  complain: (path: readonly PropertyKey[], message: string) => void,
): PolicyShape | undefined {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  for (const { path, message, ...issue } of read.error.issues) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) complain([...path, key], 'is no key that is known here');
    else if (issue.code === 'invalid_key') for (const each of issue.issues) complain(path, each.message);
    else complain(path, message);
  }
  return undefined;
}
