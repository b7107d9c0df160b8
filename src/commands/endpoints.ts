import type { Endpoint, ServiceRecord } from '../discovery/registry.ts';
import type { Client } from '../runtime/client/client.ts';
import type { Command, CommandVersion } from './command.ts';
import { shorten } from './declared.ts';
import { endpointCommand, isCommand, type ReadParameters } from './endpoint.ts';
import type { Problem } from './problem.ts';

/** One command in all its versions. */
interface Family {
  readonly command: Command;
  readonly versions: CommandVersion[];
  /** The endpoint of each version. */
  readonly endpoints: Map<string, string>;
}

/**
 * The commands that the endpoints of one service declare, each as the newest version that has it describes it. What cannot be read is
 * left out and told.
 */
export function endpointCommands(
  versions: readonly ServiceRecord[],
  client: Client,
  readParameters: ReadParameters,
): { readonly commands: readonly Command[]; readonly problems: readonly Problem[] } {
  const families = new Map<string, Family>();
  const problems: Problem[] = [];

  const read = (record: ServiceRecord, endpoint: Endpoint): void => {
    const { command, pinned } = endpointCommand(record, endpoint, client, readParameters);
    const family: Family = families.get(command.name) ?? { command, versions: [], endpoints: new Map() };
    const holder = family.endpoints.get(record.version);
    if (holder !== undefined) throw new Error(`command: ${holder} declares ${command.name} already`);
    family.endpoints.set(record.version, endpoint.name);
    if (record.version !== '') family.versions.push({ version: record.version, command: pinned });
    families.set(command.name, family);
  };

  for (const record of versions) {
    for (const endpoint of record.endpoints.filter(isCommand)) {
      try {
        read(record, endpoint);
      } catch (error) {
        problems.push(broken(record, endpoint, error instanceof Error ? error.message : String(error)));
      }
    }
  }
  return { commands: [...families.values()].map(withVersions), problems };
}

const withVersions = ({ command, versions }: Family): Command =>
  versions.length === 0 ? command : { ...command, versions };

const broken = ({ name: service, version }: ServiceRecord, endpoint: Endpoint, reason: string): Problem => ({
  kind: 'broken',
  name: shorten(endpoint.metadata['command'] ?? ''),
  service,
  version,
  endpoint: endpoint.name,
  reason: shorten(reason),
});
