import type { Option } from '../commands/command.ts';
import { botFlags } from '../config/flags.ts';
import type { Flag } from '../config/flag.ts';

/** What stands behind a word of the command line. */
export type Entry = Group | Leaf;

interface Named {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly description: string;
  /** Works, but is not in the help. */
  readonly hidden?: boolean;
}

/** Only leads to other words: `list`. */
export interface Group extends Named {
  readonly kind: 'group';
  readonly entries: readonly Entry[];
}

export interface Leaf extends Named {
  readonly kind: 'leaf';
  readonly run: Run;
  /** Other things, behind its word: `bot manifest`. */
  readonly entries?: readonly Leaf[];
}

export type Run =
  /** One of the commands that bot and CLI share, by its name. */
  | { readonly kind: 'command'; readonly command: string; readonly options?: Options }
  /** A face of its own that runs until it is stopped. */
  | { readonly kind: 'bot'; readonly flags: readonly Flag[] };

type Options = () => Promise<readonly Option[]>;

const command = (name: string, description: string, command: string = name, options?: Options): Leaf => ({
  kind: 'leaf',
  name,
  description,
  run: { kind: 'command', command, ...(options === undefined ? {} : { options }) },
});

// Loaded when the command line names such a command: the help of `micro` needs neither.
const callOptions: Options = async () => (await import('../commands/call.ts')).options;
const publishOptions: Options = async () => (await import('../commands/publish.ts')).options;
const listOptions: Options = async () => (await import('../commands/list.ts')).options;
const nodesOptions: Options = async () => (await import('../commands/nodes.ts')).options;

const auditOptions =
  (name: 'lastOption' | 'headOption'): Options =>
  async () => [(await import('../audit/commands.ts'))[name]];
const verifyOptions: Options = async () => (await import('../commands/verify.ts')).options;
const manifestOptions: Options = async () => (await import('../commands/manifest.ts')).options;

const group = (name: string, description: string, entries: readonly Entry[]): Group => ({
  kind: 'group',
  name,
  description,
  entries,
});

const deregister: Group = group('deregister', 'Deregister an item in the registry', [
  command('service', 'Deregister a service with its JSON definition', 'deregister service'),
]);
const get: Group = group('get', 'Get an item from the registry', [
  command('service', 'Get a service by its name', 'get service'),
]);
const list: Group = group('list', 'List items in the registry', [
  command('nodes', 'List the nodes of a service, or all', 'list nodes'),
  command('services', 'List the services', 'list services', listOptions),
]);
const register: Group = group('register', 'Register an item in the registry', [
  command('service', 'Register a service with its JSON definition', 'register service'),
]);

const watch: Group = group('watch', 'Watch items in the registry', [
  command('services', 'Show nodes that come, go and change, until interrupted', 'watch services'),
]);

const bot: Leaf = {
  kind: 'leaf',
  name: 'bot',
  description: 'Run the bot',
  run: { kind: 'bot', flags: botFlags },
  entries: [command('manifest', "Print the manifest of the bot's Slack app", 'bot manifest', manifestOptions)],
};

const audit: Group = group('audit', 'Read what a bot recorded, or the file or level:DIRECTORY that is named', [
  command('export', 'Print the records as they are, one a line', 'audit export'),
  command('head', 'Print the end of the chain, to be kept elsewhere', 'audit head'),
  command('show', 'Show who did what, and how it ended', 'audit show', auditOptions('lastOption')),
  command('verify', 'Check that nothing was changed or taken out', 'audit verify', auditOptions('headOption')),
]);

/** All that `micro` can do, in the order of its help. */
export const tree: Group = group('micro', 'A microservice runtime', [
  audit,
  bot,
  command('call', 'Call a service', 'call', callOptions),
  { ...command('query', 'Call a service', 'call', callOptions), hidden: true },
  deregister,
  get,
  command('health', 'Query the health of a service', 'health', nodesOptions),
  list,
  command('publish', 'Publish an event to a topic', 'publish', publishOptions),
  register,
  group('registry', 'Query and change the registry', [list, register, deregister, get, watch]),
  command('stats', 'Query the statistics of a service', 'stats', nodesOptions),
  command('status', 'Query the state of the registry', 'status'),
  command('stream', 'Stream from a service until it ends', 'stream', callOptions),
  command('verify', 'Run the examples of the commands of a service', 'verify', verifyOptions),
  watch,
]);
