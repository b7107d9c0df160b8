/** A slash command that a service wants. */
export interface SlashCommand {
  /** Without the `/`. */
  readonly name: string;
  /** One line; may be empty. */
  readonly description: string;
  /** What is written behind the name; may be empty. */
  readonly usage: string;
  /** Whose it is; empty for a command of the bot's own. */
  readonly service: string;
}

/** A slash command that Slack will not have, and why: a sentence for an operator. */
export interface Refused {
  readonly command: SlashCommand;
  readonly reason: string;
}

export interface Checked {
  /** By name. */
  readonly accepted: readonly SlashCommand[];
  readonly refused: readonly Refused[];
}

/** As the manifest has it. */
export interface SlashEntry {
  readonly command: string;
  readonly description: string;
  readonly usage_hint?: string;
  readonly should_escape: boolean;
  readonly url?: string;
}

/** How many slash commands an app may have. */
export const maxEntries = 50;

const maxName = 31;
const maxDescription = 2000;
const maxHint = 1000;

/** Commands of Slack's own. It refuses the whole manifest for one of them; those that are missing here it tells us. */
const reserved: ReadonlySet<string> = new Set(
  (
    'active apps archive away call close collapse dm dnd expand feed feedback huddle invite join keys kick leave me msg mute open prefs ' +
    'pro remind remove rename search shortcuts shrug star status topic who'
  ).split(' '),
);

/** Sorts out what cannot be a slash command of the app whose own one is `/own`. */
export function checkSlash(commands: readonly SlashCommand[], own: string): Checked {
  const owners = new Map<string, SlashCommand>();
  const refused: Refused[] = [];
  for (const command of [...commands].toSorted(byName)) {
    const reason = whyNot(command, own, owners.get(command.name));
    if (reason === undefined) owners.set(command.name, command);
    else refused.push({ command, reason });
  }
  return { accepted: [...owners.values()], refused };
}

function whyNot({ name }: SlashCommand, own: string, owner: SlashCommand | undefined): string | undefined {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) return 'a slash command is one word of lower case letters, digits, - and _';
  if (name.length > maxName) return `a slash command has at most ${maxName} characters`;
  if (name === own) return 'it is the command of the bot itself';
  if (reserved.has(name)) return 'Slack has a command of this name itself';
  if (owner !== undefined) return `${owner.service === '' ? 'the bot' : owner.service} has this name`;
  return undefined;
}

const byName = (one: SlashCommand, other: SlashCommand): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : one.service < other.service ? -1 : 1;

/** How a service's command is told from what people added to the app by hand: the last word of its description. */
export const mark = (own: string): string => `[${own}]`;

/** The entry of a service's command. `url` is where Slack sends it; undefined in Socket Mode. */
export const entryOf = (
  { name, description, usage }: SlashCommand,
  own: string,
  url: string | undefined,
): SlashEntry => ({
  command: `/${name}`,
  description: `${clip(description === '' ? `Runs ${name}` : description, maxDescription - own.length - 3)} ${mark(own)}`,
  ...(usage === '' ? {} : { usage_hint: clip(usage, maxHint) }),
  // JSON and links shall arrive as they were typed.
  should_escape: false,
  ...(url === undefined ? {} : { url }),
});

/** Not in the middle of a character. */
const clip = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
