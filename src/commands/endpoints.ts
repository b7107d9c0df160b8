import type { Client } from '../runtime/client/client.ts';
import type { Command } from './command.ts';
import { shorten } from './declared.ts';
import { endpointCommand } from './endpoint.ts';
import type { Problem } from './merge.ts';
import type { Services } from './services.ts';

/**
 * The commands that endpoints' metadata declares. When several versions of a service declare one for the same endpoint, the newest
 * counts. What cannot be read is left out and told.
 */
export async function endpointCommands(
  services: Services,
  client: Client,
): Promise<{ readonly commands: readonly Command[]; readonly problems: readonly Problem[] }> {
  const commands = new Map<string, Command>();
  const problems: Problem[] = [];
  for (const record of [...services.values()].flat()) {
    for (const endpoint of record.endpoints) {
      const { metadata } = endpoint;
      const key = `${record.name} ${endpoint.name}`;
      if (metadata['command'] === undefined || metadata['subscriber'] === 'true' || commands.has(key)) continue;
      try {
        commands.set(key, await endpointCommand(record, endpoint, client));
      } catch (error) {
        const reason = `${endpoint.name}: ${shorten(error instanceof Error ? error.message : String(error))}`;
        problems.push({ message: 'command metadata cannot be used', service: record.name, reason });
      }
    }
  }
  return { commands: [...commands.values()], problems };
}
