import { type Document, text } from '../document/document.ts';
import { type Command, CommandError, type Option } from './command.ts';
import type { CommandSet } from './set.ts';
import { type Slash, slashCommands } from './slash.ts';

/** What the manifest of a chat network's app is made for. */
export interface ManifestWish {
  readonly commands: readonly Slash[];
  readonly format: 'json' | 'yaml';
  /** Undefined: no address is needed. */
  readonly url: string | undefined;
  /** Names of what the app shall be able to do; undefined: what is usual. */
  readonly features: readonly string[] | undefined;
}

export interface ManifestDeps {
  /** The commands there are, once the services that run were seen. */
  readonly set: (signal: AbortSignal) => Promise<CommandSet>;
  /** Throws an `Error` for who asked, when a feature does not exist. */
  readonly print: (wish: ManifestWish) => Promise<string>;
}

export const options: readonly Option[] = [
  { name: 'output', alias: 'o', kind: 'string', usage: 'Form of the manifest. yaml (default), json' },
  {
    name: 'url',
    kind: 'string',
    usage: 'Address at which Slack reaches the bot over HTTP, https://…/slack/events. Socket Mode without it',
  },
  {
    name: 'features',
    kind: 'string',
    usage:
      'What the app shall be able to do, separated by commas: direct, commands, home, files, reactions, name, people',
  },
];

/** `micro bot manifest`: what Slack wants to know to make an app of the bot, with the slash commands of the services that run. */
export const manifest = ({ set, print }: ManifestDeps): Command => ({
  name: 'bot manifest',
  usage: 'bot manifest',
  description: "Print the manifest of the bot's Slack app",
  source: { kind: 'builtin' },
  options,
  run: async ({ options: given, args, signal }): Promise<Document> => {
    const { output = 'yaml', url, features } = given;
    if (args.words.length > 0) throw new CommandError('usage', 'usage: micro bot manifest [options]');
    if (output !== 'yaml' && output !== 'json') throw new CommandError('usage', 'output is yaml or json');
    if (url !== undefined && !isAddress(url)) throw new CommandError('usage', 'url begins with https://');
    const commands = slashCommands(await set(signal));
    const wish: ManifestWish = {
      commands,
      format: output,
      url: url,
      features: typeof features === 'string' ? features.split(',').map((each) => each.trim()) : undefined,
    };
    return text(
      await print(wish).catch((error: unknown) => {
        throw new CommandError('usage', error instanceof Error ? error.message : String(error), { cause: error });
      }),
    );
  },
});

const isAddress = (url: unknown): url is string =>
  typeof url === 'string' && url.startsWith('https://') && URL.canParse(url);
