import { withResolvers } from '../async/queue.ts';
import type { Directory, Versions } from '../discovery/directory.ts';
import type { Registry } from '../discovery/registry.ts';
import { type Document, text } from '../document/document.ts';
import { moment } from '../document/moment.ts';
import { mapBounded } from './bounded.ts';
import { CommandError } from './command.ts';
import { asking } from './failure.ts';
import { compare } from './set.ts';

/** Where services are: as the directory knows, which answers also while the registry is lost, or as the registry says when it is asked. */
export interface Whereabouts {
  /** All names, each once, in the order of their bytes. Rejects with a `CommandError` (`failed`). */
  names(signal: AbortSignal): Promise<readonly string[]>;
  /** All versions of all services, in the order of the names. Rejects as `names` does. */
  all(signal: AbortSignal): Promise<Versions>;
  /** The versions of one service; empty when it is unknown. Rejects as `names` does. */
  of(service: string): Promise<Versions>;
  /** The document, with a last line when it may be out of date. */
  dated(document: Document): Document;
}

/** How many services are asked for at a time: over mDNS each question takes a tenth of a second. */
const atOnce = 32;

export const whereabouts = (registry: Registry, directory: Directory | undefined): Whereabouts =>
  directory === undefined ? byRegistry(registry) : byDirectory(directory);

const byDirectory = (directory: Directory): Whereabouts => ({
  async names(signal) {
    await seen(directory, signal);
    return [...directory.services.keys()].sort(compare);
  },
  async all(signal) {
    const names = await this.names(signal);
    return names.flatMap((name) => directory.services.get(name) ?? []);
  },
  of: async (service) => directory.services.get(service) ?? asking(Promise.resolve(directory.lookup(service))),
  dated(document) {
    const { state } = directory;
    if (state.kind !== 'stale') return document;
    const line = `The registry is out of reach since ${moment(state.since)}: this is what was known.`;
    return { kind: 'group', parts: [document, { ...text(line), isNote: true }] };
  },
});

const byRegistry = (registry: Registry): Whereabouts => ({
  async names() {
    const records = await asking(registry.listServices());
    return [...new Set(records.map(({ name }) => name))].sort(compare);
  },
  async all(signal) {
    if (registry.listsNodes === true) return asking(registry.listServices());
    const names = await this.names(signal);
    return (await asking(mapBounded(names, atOnce, (name) => registry.getService(name)))).flat();
  },
  of: (service) => asking(registry.getService(service)),
  dated: (document) => document,
});

/** The versions of a service. Rejects with a `CommandError` (`not_found`) when there is none. */
export async function findService(where: Whereabouts, name: string): Promise<Versions> {
  const records = await where.of(name);
  if (records.length === 0) throw new CommandError('not_found', 'Service not found');
  return records;
}

/** Waits until everything was seen for the first time. Rejects when the registry is out of reach. */
async function seen(directory: Directory, signal: AbortSignal): Promise<void> {
  while (directory.state.kind === 'starting' && !signal.aborted) {
    const { error } = directory.state;
    if (error !== undefined) throw new CommandError('failed', `the registry is out of reach: ${error.message}`);
    const news = withResolvers<void>();
    const subscription = directory.onChange(() => news.resolve());
    const stop = (): void => news.resolve();
    signal.addEventListener('abort', stop, { once: true });
    await Promise.race([news.promise, directory.ready]);
    signal.removeEventListener('abort', stop);
    subscription.end();
  }
}
