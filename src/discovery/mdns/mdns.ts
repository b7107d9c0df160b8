import { type Log, silent } from '../../log/log.ts';
import { type Registry, RegistryError, type ServiceRecord } from '../registry.ts';
import { byVersion } from '../versions.ts';
import { newWatchers } from '../watchers.ts';
import { newBoard } from './board.ts';
import { newLookup } from './lookup.ts';
import { mdnsNames } from './names.ts';
import { newNetwork } from './network.ts';
import type { Packet } from './packet.ts';
import { newRoll } from './roll.ts';
import { listedServices, type Sighting, sightings } from './sighting.ts';

export interface MdnsOptions {
  /** Name or IPv4 address of the one network interface to use. Default: all of them. */
  readonly interface?: string | undefined;
  /** Only registries of the same domain see each other. Default `micro`, as in go-micro. */
  readonly domain?: string | undefined;
  /** How long answers are waited for; twice as long before "nobody" is believed. Default 100. */
  readonly windowMs?: number;
  /** How often a watch checks that nodes are still there. After three checks without an answer a node is gone. Default 10,000. */
  readonly refreshMs?: number;
  readonly log?: Log;
}

/** Names remembered as garbage, so that each is logged once. */
const maxGarbage = 1000;

/**
 * Finds services on the local network by multicast, without a server, the way go-micro does. A registration lives as long as this
 * process answers for it, whatever its time to live; service metadata does not travel. A watch also tells (`create`) of the nodes that
 * it finds when it begins.
 */
export function mdnsRegistry(options: MdnsOptions = {}): Registry {
  const { domain = 'micro', windowMs = 100, refreshMs = 10_000, log = silent } = options;
  const names = mdnsNames(domain);
  const garbage = new Set<string>();
  let closed = false;
  let calling: AbortController | undefined;

  const onGarbage = (instance: string, error: unknown): void => {
    if (garbage.has(instance) || garbage.size >= maxGarbage) return;
    garbage.add(instance);
    log.warn('mDNS: an unreadable record is skipped', { instance, error });
  };

  const nodesIn = (packet: Packet): readonly Sighting[] => sightings(packet, names, onGarbage);

  const network = newNetwork(options.interface, log, {
    question(packet, from) {
      board.answer(packet, from).catch((error: unknown) => log.debug('mDNS: a question was not answered', { error }));
    },
    announcement(packet) {
      if (watchers.size > 0) for (const node of nodesIn(packet)) roll.announced(node);
    },
    answer(packet) {
      const nodes = nodesIn(packet);
      lookup.hear({ nodes, services: listedServices(packet, names) });
      if (watchers.size > 0) for (const node of nodes) roll.answered(node);
    },
    lost: (error) => watchers.fail(error),
  });

  const board = newBoard({
    names,
    tell: (packet, to) => network.tell(packet, to),
    onUnsent: (error) => log.warn('mDNS: the network did not take an announcement', { error }),
  });
  const lookup = newLookup(names, windowMs, (packet) => network.ask(packet));
  const watchers = newWatchers(() => {
    if (watchers.size === 0) calling?.abort();
  });
  const roll = newRoll({
    lookup,
    wanted: () => watchers.services,
    emit: (event) => watchers.emit(event),
    refreshMs,
    onFailure: (error) => log.debug('mDNS: the nodes could not be asked', { error }),
  });

  const open = (): void => {
    if (closed) throw new RegistryError('closed', 'the mDNS registry is closed');
  };

  return {
    name: 'mdns',
    async register(service) {
      open();
      await network.join();
      open();
      await board.put(service);
    },
    async deregister(service) {
      open();
      await board.take(service);
    },
    async getService(name) {
      open();
      const found = await lookup.nodes([name]);
      const records = found.map(({ record }) => record).toSorted(byVersionAndNode);
      return byVersion(records);
    },
    async listServices() {
      open();
      const services = await lookup.services();
      return services.map((name) => ({ name, version: '', metadata: {}, endpoints: [], nodes: [] }));
    },
    async watch(watchOptions) {
      open();
      await network.join();
      open();
      const events = watchers.add(watchOptions);
      if (calling === undefined || calling.signal.aborted) {
        calling = new AbortController();
        void roll.call(calling.signal);
      }
      return events;
    },
    async close() {
      if (closed) return;
      closed = true;
      watchers.fail(new RegistryError('closed', 'the mDNS registry was closed'));
      calling?.abort();
      await board.clear();
      await network.close();
    },
  };
}

/** Answers arrive in any order; what is shown shall not change with it. */
const byVersionAndNode = (a: ServiceRecord, b: ServiceRecord): number =>
  a.version.localeCompare(b.version) || (a.nodes[0]?.id ?? '').localeCompare(b.nodes[0]?.id ?? '');
