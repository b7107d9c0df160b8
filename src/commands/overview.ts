import type { Directory } from '../discovery/directory.ts';
import type { Node } from '../discovery/registry.ts';
import { type Document, text } from '../document/document.ts';
import type { Client } from '../runtime/client/client.ts';
import { mapBounded } from './bounded.ts';
import type { Command } from './command.ts';
import { describeProblem } from './problem.ts';
import { firstOf, section } from './section.ts';
import type { CommandSet } from './set.ts';

export interface OverviewDeps {
  readonly commands: () => CommandSet;
  readonly directory: Directory;
  readonly client: Client;
}

/** Services whose nodes are asked; a page has no room for more. */
const maxServices = 40;
const maxNodes = 100;
const atOnce = 16;
const timeoutMs = 2000;

/** One page: what can be said to the bot, and how the services behind it are. Never rejects for a service that is ill. */
export async function overview({ commands, directory, client }: OverviewDeps, signal: AbortSignal): Promise<Document> {
  const set = commands();
  const shown = set.commands.filter(({ hidden }) => hidden !== true);
  const names = [...directory.services.keys()].toSorted().slice(0, maxServices);
  const isWell = async (service: string, node: Node): Promise<boolean> => {
    const answer = client.call<{ readonly status?: unknown } | null>(
      { service, endpoint: 'Debug.Health' },
      { nodes: [node], retries: 0, timeoutMs, signal },
    );
    return answer.then(
      (health) => health?.status === 'ok',
      () => false,
    );
  };
  const rows = await mapBounded(names, atOnce, async (service): Promise<readonly string[]> => {
    const records = directory.services.get(service) ?? [];
    const nodes = records.flatMap((record) => record.nodes);
    const asked = nodes.slice(0, maxNodes);
    const well = (await mapBounded(asked, atOnce, (node) => isWell(service, node))).filter(Boolean).length;
    return [
      service,
      records.map(({ version }) => version).join(', '),
      String(nodes.length),
      describe(well, asked.length),
    ];
  });
  const more = directory.services.size - names.length;
  return {
    kind: 'group',
    parts: [
      ...(set.stale ? [text('The registry is out of reach: this is what was known before.')] : []),
      ...listOf('Commands of services', shown.filter(isOfService)),
      ...listOf(
        'Commands of the bot',
        shown.filter((command) => !isOfService(command)),
      ),
      text(`Services${more > 0 ? ` (the first ${names.length} of ${directory.services.size})` : ''}:`),
      { kind: 'table', columns: ['service', 'version', 'nodes', 'health'].map((title) => ({ title })), rows },
      ...(set.problems.length === 0 ? [] : [section('Problems', firstOf(set.problems.map(describeProblem)))]),
    ],
  };
}

const isOfService = ({ source }: Command): boolean => source.kind === 'service';

const describe = (well: number, asked: number): string => (well === asked ? 'ok' : `${well} of ${asked} ok`);

const listOf = (title: string, commands: readonly Command[]): readonly Document[] =>
  commands.length === 0
    ? []
    : [
        section(
          title,
          firstOf(
            commands.map(({ usage, description }) => `${usage} - ${description}`),
            50,
          ),
        ),
      ];
