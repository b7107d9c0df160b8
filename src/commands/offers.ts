import type { Directory } from '../discovery/directory.ts';
import type { Log } from '../log/log.ts';
import type { Client } from '../runtime/client/client.ts';
import type { Command } from './command.ts';
import { hasParameters } from './endpoint.ts';
import type { Exchange } from './exchange.ts';
import { askHelps } from './helps.ts';
import { wordOf } from './namespace.ts';
import { type Offer, offerOf } from './offer.ts';
import type { Problem } from './problem.ts';
import type { ReadParameters } from './read-shape.ts';
import type { Records } from './served.ts';
import { compare } from './set.ts';

export interface OffersOptions {
  readonly directory: Directory;
  readonly client: Client;
  readonly namespace: string;
  /** This service is no command. */
  readonly self: string | undefined;
  readonly log: Log;
  /** There is something to update. */
  readonly onNews: () => void;
}

/** What all services offer. Only those that changed are looked at again, however many there are. */
export interface Offers {
  /** These services are other than they were. */
  changed(names: Iterable<string>): void;
  /** Looks at what changed, and tells what services offer now that is other than before. */
  update(): readonly Exchange[];
  /** In the order of the services' names. */
  commands(): readonly Command[];
  problems(): readonly Problem[];
  /** Resolves when every service in the namespace was asked for help at least once, and all that was known then can be updated. */
  asked(): Promise<void>;
  /** Asks nobody any more. */
  close(): void;
}

export function newOffers({ directory, client, namespace, self, log, onNews }: OffersOptions): Offers {
  const offers = new Map<string, Offer>();
  const problems = new Map<string, readonly Problem[]>();
  const dirty = new Set<string>(directory.services.keys());
  let readParameters: ReadParameters | undefined;
  let loading: Promise<void> | undefined;
  const records: Records = (name) => directory.services.get(name) ?? [];

  const changed = (name: string): void => {
    dirty.add(name);
    onNews();
  };
  const helps = askHelps({ client, log, onAnswer: changed });

  // Few services need it: whoever starts a bot without them does not wait for the schema library.
  const load = async (): Promise<void> => {
    try {
      ({ readParameters } = await import('./parameter-schema.ts'));
    } catch (error) {
      readParameters = () => {
        throw error;
      };
    }
    onNews();
  };
  const needsSchema = (name: string): boolean =>
    directory.services.get(name)?.some(({ endpoints }) => endpoints.some(hasParameters)) === true;

  const look = (name: string): readonly Exchange[] => {
    const versions = directory.services.get(name) ?? [];
    const word = name === self ? undefined : wordOf(name, namespace);
    if (word !== undefined) {
      const served = versions.map(({ version, nodes }) => ({ version, nodes: nodes.map(({ id }) => id) }));
      helps.want(name, served);
    }
    const before = offers.get(name);
    const read = readParameters ?? notLoaded;
    const offer = offerOf(name, versions, { client, helps, readParameters: read, records, word, before });
    if (offer === before) return [];
    keep(name, offer);
    return [{ service: name, gone: before?.commands ?? [], come: offer?.commands ?? [] }];
  };
  const keep = (name: string, offer: Offer | undefined): void => {
    if (offer === undefined) offers.delete(name);
    else offers.set(name, offer);
    if (offer === undefined || offer.problems.length === 0) problems.delete(name);
    else problems.set(name, offer.problems);
  };
  const ordered = <T>(map: ReadonlyMap<string, T>): readonly T[] =>
    [...map].sort(([one], [other]) => compare(one, other)).map(([, value]) => value);

  return {
    changed(names) {
      for (const name of names) dirty.add(name);
    },
    update() {
      const isLoaded = readParameters !== undefined;
      const exchanges: Exchange[] = [];
      for (const name of dirty) {
        if (!isLoaded && needsSchema(name)) {
          loading ??= load();
          continue;
        }
        dirty.delete(name);
        exchanges.push(...look(name));
      }
      return exchanges;
    },
    commands: () => ordered(offers).flatMap(({ commands }) => commands),
    problems: () => ordered(problems).flat(),
    async asked() {
      await loading;
      await helps.asked();
    },
    close() {
      helps.close();
    },
  };
}

const notLoaded: ReadParameters = () => {
  throw new Error('parameters cannot be read yet');
};
