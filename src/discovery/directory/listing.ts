import { Pace } from '../../async/pace.ts';
import type { Registry, ServiceRecord } from '../registry.ts';
import { orAbandoned } from './abandon.ts';
import { type AskRegistry, isBroken } from './ask.ts';
import { eachOf } from './each.ts';
import { contradicts, lacks, type Told } from './told.ts';

type Records = readonly ServiceRecord[];

export interface ListingOptions {
  readonly registry: Registry;
  readonly ask: AskRegistry;
  /** The services that are known. */
  readonly known: { keys(): Iterable<string> };
  /** The nodes that the registry was known to have. */
  readonly registered: (name: string) => Records;
  /** Hears what happens meanwhile. */
  readonly told: Told;
  /** Abandons it: rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** How many services are asked for at a time: over mDNS each question takes a tenth of a second. */
export const atOnce = 32;
/** More than these are asked for all together, where that is possible. */
const maxDoubtful = 64;

/**
 * What the registry says of all services: those it has, and those that were known before. Where nodes are missing without anybody having
 * said so, or events say something else, it is asked once more: a lost datagram shall not make a service disappear. Rejects with
 * what the registry throws; a service whose record is broken stays as it was.
 */
export async function readAll(options: ListingOptions): Promise<ReadonlyMap<string, Records>> {
  const { registry, known, registered, told } = options;
  const answers = await readWhole(options);
  const names = new Set([...known.keys(), ...answers.keys(), ...told.names]);
  const doubtful: string[] = [];
  const pace = new Pace();
  for (const name of names) {
    const answer = answers.get(name) ?? [];
    const isDoubtful = lacks(answer, registered(name), told.news(name)) || contradicts(answer, told.since(name));
    if (isDoubtful) doubtful.push(name);
    const pause = pace.step();
    if (pause !== undefined) await pause;
  }
  const second =
    registry.listsNodes === true && doubtful.length > maxDoubtful
      ? await readWhole(options)
      : new Map([...answers, ...(await readEach(options, doubtful))]);
  return new Map([...names, ...second.keys()].map((name) => [name, second.get(name) ?? []]));
}

async function readWhole(options: ListingOptions): Promise<Map<string, Records>> {
  const { registry, told, signal } = options;
  told.asking();
  const listed = await orAbandoned(registry.listServices(), signal);
  if (registry.listsNodes !== true) return readEach(options, new Set(listed.map(({ name }) => name)));
  const services = new Map<string, ServiceRecord[]>();
  for (const record of listed) {
    const versions = services.get(record.name);
    if (versions === undefined) services.set(record.name, [record]);
    else versions.push(record);
  }
  return services;
}

async function readEach(
  { ask, registered, told, signal }: ListingOptions,
  names: Iterable<string>,
): Promise<Map<string, Records>> {
  const services = new Map<string, Records>();
  await eachOf(names, { limit: atOnce, signal }, async (name) => {
    told.asking(name);
    try {
      services.set(name, await ask(name, signal));
    } catch (error) {
      if (!isBroken(error)) throw error;
      services.set(name, registered(name));
    }
  });
  return services;
}
