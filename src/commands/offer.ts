import type { ServiceRecord } from '../discovery/registry.ts';
import type { Client } from '../runtime/client/client.ts';
import type { Command } from './command.ts';
import { isCommand } from './endpoint.ts';
import { endpointCommands } from './endpoints.ts';
import type { Helps } from './helps.ts';
import { answered, commandByName, rulesMetadata } from './namespaces.ts';
import type { Problem } from './problem.ts';
import type { ReadParameters } from './read-shape.ts';
import { conditionsOf, type Records } from './served.ts';

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
  /** What runs at the moment, when a command wants to know. */
  readonly records: Records;
  /** The service's word, when it is in the namespace. */
  readonly word: string | undefined;
  /** Stands when nothing has changed. */
  readonly before: Offer | undefined;
}

/** What a service offers that runs in these versions, newest first; undefined when it has nothing to do with commands, as most have. */
export function offerOf(
  service: string,
  versions: readonly ServiceRecord[],
  { client, helps, readParameters, records, word, before }: OfferOptions,
): Offer | undefined {
  const answers = word === undefined ? [] : answered(service, versions, helps);
  if (answers.length === 0 && !versions.some(({ endpoints }) => endpoints.some(isCommand))) return undefined;
  const declared = versions.map(({ version, endpoints }) => [version, endpoints.filter(isCommand)]);
  const rules = word === undefined ? [] : versions.map((record) => conditionsOf(rulesMetadata(record)));
  const key = JSON.stringify([declared, answers, rules]);
  if (before?.key === key) return before;
  const declaring = endpointCommands(versions, { client, readParameters, records });
  const byName =
    word === undefined
      ? { commands: [], problems: [] }
      : commandByName({ service, word, versions, answers }, { client, records });
  return {
    key,
    commands: [...byName.commands, ...declaring.commands],
    problems: [...byName.problems, ...declaring.problems],
  };
}
