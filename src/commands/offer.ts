import type { ServiceRecord } from '../discovery/registry.ts';
import type { Client } from '../runtime/client/client.ts';
import type { Command } from './command.ts';
import { isCommand, type ReadParameters } from './endpoint.ts';
import { endpointCommands } from './endpoints.ts';
import type { Helps } from './helps.ts';
import { answered, commandByName } from './namespaces.ts';
import type { Problem } from './problem.ts';

/** What one service brings to the catalogue. */
export interface Offer {
  /** All that the commands are made from: offers of equal keys are the same. Nodes come and go without a new one. */
  readonly key: string;
  readonly commands: readonly Command[];
  readonly problems: readonly Problem[];
}

export interface OfferOptions {
  readonly client: Client;
  readonly helps: Helps;
  readonly readParameters: ReadParameters;
  /** The service's word, when it is in the namespace. */
  readonly word: string | undefined;
  /** Stands when nothing has changed. */
  readonly before: Offer | undefined;
}

/** What a service offers that runs in these versions, newest first; undefined when it has nothing to do with commands, as most have. */
export function offerOf(
  service: string,
  versions: readonly ServiceRecord[],
  { client, helps, readParameters, word, before }: OfferOptions,
): Offer | undefined {
  const answers = word === undefined ? [] : answered(service, versions, helps);
  if (answers.length === 0 && !versions.some(({ endpoints }) => endpoints.some(isCommand))) return undefined;
  const declared = versions.map(({ version, endpoints }) => [version, endpoints.filter(isCommand)]);
  const key = JSON.stringify([declared, answers]);
  if (before?.key === key) return before;
  const { commands, problems } = endpointCommands(versions, client, readParameters);
  const byName = word === undefined ? [] : commandByName(service, word, answers, client);
  return { key, commands: [...byName, ...commands], problems };
}
