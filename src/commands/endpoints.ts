import type { Endpoint, ServiceRecord } from '../discovery/registry.ts';
import type { Command, CommandVersion } from './command.ts';
import { shorten } from './declared.ts';
import { type EndpointCommand, type EndpointDeps, endpointCommand, isCommand } from './endpoint.ts';
import type { Problem } from './problem.ts';
import { strictest } from './rules.ts';
import { asRead, endpointMetadata, ofVersion } from './served.ts';

/** One command in all its versions, newest first. */
interface Family {
  readonly newest: EndpointCommand;
  readonly versions: { readonly version: string; readonly read: EndpointCommand }[];
}

/**
 * The commands that the endpoints of one service declare, each as the newest version that has it describes it, under the strictest rules of all
 * versions: nobody knows which of them will be called. What cannot be read is left out and told.
 */
export function endpointCommands(
  versions: readonly ServiceRecord[],
  deps: EndpointDeps,
): { readonly commands: readonly Command[]; readonly problems: readonly Problem[] } {
  const families = new Map<string, Family>();
  const problems: Problem[] = [];

  const read = (record: ServiceRecord, endpoint: Endpoint): void => {
    const read = endpointCommand(record, endpoint, deps);
    const family: Family = families.get(read.name) ?? { newest: read, versions: [] };
    const holder = family.versions.find(({ version }) => version === record.version);
    if (holder !== undefined) throw new Error(`command: ${holder.read.endpoint} declares ${read.name} already`);
    family.versions.push({ version: record.version, read });
    families.set(read.name, family);
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
  return { commands: [...families.values()].map(commandOf), problems };
}

function commandOf({ newest, versions }: Family): Command {
  const known = new Set(versions.map(({ read }) => read.conditions));
  const rules = strictest(versions.map(({ read }) => read.rules));
  const command = newest.command(rules, [asRead(endpointMetadata(newest.endpoint), known)]);
  const pinned = versions
    .filter(({ version }) => version !== '')
    .map(({ version, read }): CommandVersion => {
      const filters = [ofVersion(version), asRead(endpointMetadata(read.endpoint), new Set([read.conditions]))];
      return { version, command: read.command(read.rules, filters) };
    });
  return pinned.length === 0 ? command : { ...command, versions: pinned };
}

const broken = ({ name: service, version }: ServiceRecord, endpoint: Endpoint, reason: string): Problem => ({
  kind: 'broken',
  name: shorten(endpoint.metadata['command'] ?? ''),
  service,
  version,
  endpoint: endpoint.name,
  reason: shorten(reason),
});
