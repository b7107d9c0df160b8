import { fieldsOf, listOf, textOf } from '../fields.ts';
import { noRoom } from './manifest.ts';
import { entryOf, mark, maxEntries, type Refused, type SlashCommand, type SlashEntry } from './slash.ts';

/** A manifest as Slack exports it. Nothing in it is known for sure but what is looked at. */
export type Exported = Readonly<Record<string, unknown>>;

export interface StepOptions {
  /** The name of the bot's own slash command. */
  readonly own: string;
  /** Since when which command of ours is not wanted any more, by its entry's name, in milliseconds. */
  readonly goneSince: ReadonlyMap<string, number>;
  readonly now: number;
  /** How long a command stays that nobody wants any more. */
  readonly keepMs: number;
}

export interface Step {
  /** To be sent; undefined: nothing has to change. */
  readonly manifest: Exported | undefined;
  /** The names of ours in it, in the order of the whole list; undefined where an entry is not ours. */
  readonly names: readonly (string | undefined)[];
  readonly goneSince: ReadonlyMap<string, number>;
  /** When the next of those that are gone is to be taken out; undefined: none is. */
  readonly nextAt: number | undefined;
  readonly refused: readonly Refused[];
}

/**
 * What an app's manifest has to become for it to offer these commands. Entries that people made stay as they are and go before ours; all
 * else in the manifest stays, too.
 */
export function stepTo(exported: Exported, wanted: readonly SlashCommand[], options: StepOptions): Step {
  const { own, now, keepMs } = options;
  const features = fieldsOf(exported['features']);
  const before = listOf(features['slash_commands']);
  const url = addressOf(exported);
  const ours = new Map(before.filter((entry) => isOurs(entry, own)).map((entry) => [nameOf(entry), entry]));
  const theirs = before.filter((entry) => !isOurs(entry, own));
  const taken = new Set(theirs.map(nameOf));
  const mine = wanted
    .filter(({ name }) => !taken.has(`/${name}`))
    .map((command) => ({ command, name: `/${command.name}` }));

  // Who has a place keeps it when there is not room for all.
  const ranked = [...mine.filter(({ name }) => ours.has(name)), ...mine.filter(({ name }) => !ours.has(name))];
  const room = Math.max(0, maxEntries - theirs.length);
  const placed = ranked.slice(0, room);
  const isMine = new Set(mine.map(({ name }) => name));
  const missed = new Map(
    [...ours.keys()].filter((name) => !isMine.has(name)).map((name) => [name, options.goneSince.get(name) ?? now]),
  );
  const kept = [...missed]
    .filter(([, since]) => now - since < keepMs)
    .slice(0, room - placed.length)
    .map(([name, since]) => ({ name, since }));

  const entries = [
    ...placed.map(({ command }) => entryOf(command, own, url)),
    ...kept.map(({ name }) => ours.get(name)),
  ].toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const after = [...theirs, ...entries];
  const { slash_commands: _, ...others } = features;
  return {
    manifest: isSame(before, after)
      ? undefined
      : { ...exported, features: after.length === 0 ? others : { ...others, slash_commands: after } },
    names: [...theirs.map(() => undefined), ...entries.map(nameOf)],
    goneSince: new Map(kept.map(({ name, since }) => [name, since])),
    nextAt: kept.length === 0 ? undefined : Math.min(...kept.map(({ since }) => since)) + keepMs,
    refused: ranked.slice(room).map(({ command }) => ({ command, reason: noRoom })),
  };
}

const isOurs = (entry: unknown, own: string): boolean =>
  (textOf(fieldsOf(entry)['description']) ?? '').endsWith(mark(own));

const nameOf = (entry: unknown): string => textOf(fieldsOf(entry)['command']) ?? '';

/** Where Slack sends commands to, when it is not by a socket. */
function addressOf({ settings, features }: Exported): string | undefined {
  const { socket_mode_enabled, event_subscriptions, interactivity } = fieldsOf(settings);
  if (socket_mode_enabled === true) return undefined;
  const urls = [
    ...listOf(fieldsOf(features)['slash_commands']).map((entry) => fieldsOf(entry)['url']),
    fieldsOf(event_subscriptions)['request_url'],
    fieldsOf(interactivity)['request_url'],
  ];
  return urls.map(textOf).find((url) => url !== undefined);
}

/** Whatever the order, and whether what is empty was written or left out. */
function isSame(before: readonly unknown[], after: readonly unknown[]): boolean {
  const shape = (entries: readonly unknown[]): string => JSON.stringify(entries.map(plain).toSorted());
  return shape(before) === shape(after);
}

function plain(entry: unknown): string {
  const { command, description, usage_hint, should_escape, url }: Partial<Record<keyof SlashEntry, unknown>> =
    fieldsOf(entry);
  return JSON.stringify([
    textOf(command),
    textOf(description),
    textOf(usage_hint),
    should_escape === true,
    textOf(url),
  ]);
}
