import type { Directory, DirectoryState } from '../discovery/directory.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Document, Field } from '../document/document.ts';
import { moment } from '../document/moment.ts';
import { formatDuration } from '../runtime/duration.ts';
import type { Command } from './command.ts';
import { asking } from './failure.ts';
import { plainCommand } from './plain.ts';
import { describeProblem } from './problem.ts';
import { firstOf, section } from './section.ts';
import type { CommandSet } from './set.ts';

/** What a bot can tell of itself. */
export interface About {
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** What it listens on. */
  readonly inputs: () => readonly Listening[];
  /** What those who look after the bot must know. Default: nothing. */
  readonly troubles?: () => readonly string[];
}

/** An input, and why it hears nobody at the moment. */
export interface Listening {
  readonly name: string;
  readonly outage?: { readonly since: number; readonly reason: string } | undefined;
  /** The rooms it was told to be in, and why it is not. */
  readonly rooms?: readonly { readonly room: string; readonly absence: string | undefined }[] | undefined;
}

export interface StatusDeps {
  readonly registry: Registry;
  readonly commands: () => CommandSet;
  readonly directory?: Directory;
  readonly about?: About;
}

export const status = (deps: StatusDeps): Command =>
  plainCommand({
    name: 'status',
    description: 'Returns the state of the registry and of the commands',
    answer: () => report(deps),
  });

async function report({ registry, commands, directory, about }: StatusDeps): Promise<Document> {
  const found = directory === undefined ? await ask(registry) : follow(directory, commands());
  const problems = [...(about?.troubles?.() ?? []), ...commands().problems.map(describeProblem)];
  return {
    kind: 'group',
    parts: [
      ...(about === undefined ? [] : [fields(describe(about))]),
      fields(found),
      ...(problems.length === 0 ? [] : [section('Problems', firstOf(problems))]),
    ],
  };
}

const fields = (entries: readonly Field[]): Document => ({ kind: 'fields', fields: entries });

const describe = ({ version, startedAt, inputs }: About): readonly Field[] => [
  { name: 'Version', value: version },
  { name: 'Uptime', value: seconds(Date.now() - startedAt) },
  { name: 'Inputs', value: inputs().map(describeInput).join(', ') },
  ...inputs().flatMap(describeRooms),
];

const describeInput = ({ name, outage }: Listening): string =>
  outage === undefined ? name : `${name} (out since ${moment(outage.since)}: ${outage.reason})`;

const mostRooms = 20;

/** Those it is not in come first, and none of them is left out. */
function describeRooms({ name, rooms = [] }: Listening): readonly Field[] {
  if (rooms.length === 0) return [];
  const out = rooms.flatMap(({ room, absence }) => (absence === undefined ? [] : [`not in ${room} (${absence})`]));
  const inside = rooms.flatMap(({ room, absence }) => (absence === undefined ? [room] : []));
  const more = inside.length - mostRooms;
  const shown = more > 0 ? [...inside.slice(0, mostRooms), `${more} more`] : inside;
  return [{ name: `Rooms of ${name}`, value: [...out, ...shown].join(', ') }];
}

/** What a directory knows, which follows the registry all the time. */
function follow({ registry, state, services }: Directory, { commands }: CommandSet): readonly Field[] {
  const records = [...services.values()].flat();
  const shown = commands.filter(({ hidden }) => hidden !== true);
  const fromServices = shown.filter(({ source }) => source.kind === 'service').length;
  return [
    { name: 'Registry', value: `${registry}, ${describeState(state)}` },
    { name: 'Services', value: String(services.size) },
    { name: 'Nodes', value: String(records.reduce((sum, { nodes }) => sum + nodes.length, 0)) },
    { name: 'Commands', value: `${fromServices} of services, ${shown.length - fromServices} of the bot` },
  ];
}

/** What the registry answers now. */
async function ask(registry: Registry): Promise<readonly Field[]> {
  const started = performance.now();
  const records = await asking(registry.listServices());
  const tookMs = Math.round(performance.now() - started);
  const nodes = records.reduce((sum, record) => sum + record.nodes.length, 0);
  return [
    { name: 'Registry', value: `${registry.name}, answered in ${tookMs}ms` },
    { name: 'Services', value: String(new Set(records.map(({ name }) => name)).size) },
    ...(registry.listsNodes === true ? [{ name: 'Nodes', value: String(nodes) }] : []),
  ];
}

function describeState(state: DirectoryState): string {
  const since = moment(state.since);
  switch (state.kind) {
    case 'starting':
      return `starting since ${since}${state.error === undefined ? '' : `: ${state.error.message}`}`;
    case 'connected':
      return `connected since ${since}`;
    case 'stale':
      return `stale since ${since}: ${state.error.message}`;
    default:
      return state satisfies never;
  }
}

const seconds = (ms: number): string => formatDuration(Math.floor(ms / 1000) * 1e9);
