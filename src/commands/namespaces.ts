import type { ServiceRecord } from '../discovery/registry.ts';
import type { Client, Filter } from '../runtime/client/client.ts';
import type { Command, CommandVersion } from './command.ts';
import type { Helps } from './helps.ts';
import { type Help, namespaceCommand } from './namespace.ts';

/** A version that said what it does. */
interface Answered {
  readonly version: string;
  readonly help: Help;
}

/** What the versions of a service in the namespace said of themselves, newest first; those that did not answer yet are left out. */
export const answered = (service: string, versions: readonly ServiceRecord[], helps: Helps): readonly Answered[] =>
  versions.flatMap(({ version }) => {
    const help = helps.get({ service, version });
    return help === undefined ? [] : [{ version, help }];
  });

/** The command of a service in the namespace, as the newest version that answered describes it. None, when no version has answered. */
export function commandByName(
  service: string,
  word: string,
  answers: readonly Answered[],
  client: Client,
): readonly Command[] {
  const [newest] = answers;
  if (newest === undefined) return [];
  const command = namespaceCommand({ service, word, ...newest }, client, []);
  const versions = answers
    .filter(({ version }) => version !== '')
    .map(({ version, help }): CommandVersion => {
      const about = { service, word, version, help };
      return { version, command: namespaceCommand(about, client, [only(version)]) };
    });
  return [versions.length === 0 ? command : { ...command, versions }];
}

const only =
  (wanted: string): Filter =>
  (records) =>
    records.filter(({ version }) => version === wanted);
