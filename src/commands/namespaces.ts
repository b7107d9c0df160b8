import type { Client } from '../runtime/client/client.ts';
import type { Command } from './command.ts';
import type { Helps, ServedVersion } from './helps.ts';
import { namespaceCommand, wordOf } from './namespace.ts';
import type { Services } from './services.ts';

export interface NamespaceOptions {
  readonly namespace: string;
  readonly self: string | undefined;
  readonly client: Client;
  readonly helps: Helps;
}

/** The versions of all services in the namespace, newest first within a service. No other service is ever asked for help. */
export const namespaceVersions = (
  services: Services,
  namespace: string,
  self: string | undefined,
): readonly ServedVersion[] =>
  [...services]
    .filter(([name]) => name !== self && wordOf(name, namespace) !== undefined)
    .flatMap(([service, records]) =>
      records.map(({ version, nodes }) => ({ service, version, nodes: nodes.map(({ id }) => id) })),
    );

/** One command for each service in the namespace, as the newest version that answered describes it. */
export function namespaceCommands(
  services: Services,
  { namespace, self, client, helps }: NamespaceOptions,
): readonly Command[] {
  const commands = new Map<string, Command>();
  for (const { service, version } of namespaceVersions(services, namespace, self)) {
    const [word, help] = [wordOf(service, namespace), helps.get({ service, version })];
    if (word === undefined || help === undefined || commands.has(service)) continue;
    commands.set(service, namespaceCommand({ service, version, word, help }, client));
  }
  return [...commands.values()];
}
