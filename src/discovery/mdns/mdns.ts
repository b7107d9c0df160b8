import { type Log, silent } from '../../log/log.ts';
import { newComplaints } from '../complaints.ts';
import { type Registry, RegistryError, type ServiceRecord } from '../registry.ts';
import { byVersion } from '../versions.ts';
import { newWatchers } from '../watchers.ts';
import { newBoard } from './board.ts';
import { newLookup } from './lookup.ts';
import { mdnsNames } from './names.ts';
import { newNetwork } from './network.ts';
import { newReader } from './reader.ts';
import { newRoll } from './roll.ts';
import { listedServices, type Sighting } from './sighting.ts';

export interface MdnsOptions {
  /** Name or IPv4 address of the one network interface to use. Default: all of them. */
  readonly interface?: string | undefined;
  /** Only registries of the same domain see each other. Default `micro`, as in go-micro. */
  readonly domain?: string | undefined;
  /** How long answers are waited for at most; twice as long before "nobody" is believed. Default 100. */
  readonly windowMs?: number;
  /** How often a watch checks that nodes are still there. After three checks without an answer a node is gone. Default 10,000. */
  readonly refreshMs?: number;
  readonly log?: Log;
}

/**
 * Finds services on the local network by multicast, without a server, the way go-micro does. A registration lives as long as this
 * process answers for it, whatever its time to live; service metadata does not travel. A watch also tells (`create`) of the nodes that
 * it finds when it begins. Sockets are open only while somebody is registered, watches or asks, so a program that has left ends.
 */
export function mdnsRegistry(options: MdnsOptions = {}): Registry {
  const { domain = 'micro', windowMs = 100, refreshMs = 10_000, log = silent } = options;
  const names = mdnsNames(domain);
  const complain = newComplaints(log);
  let closed = false;
  let calling: AbortController | undefined;
  let busy = 0;

  const reader = newReader(names, (instance, error) =>
    complain(instance, 'mDNS: an unreadable record is skipped', { instance, error }),
  );

  const announced = (nodes: readonly Sighting[]): void => {
    if (watchers.size > 0) for (const node of nodes) roll.announced(node);
  };
  const answered = (nodes: readonly Sighting[], services: readonly string[] = []): void => {
    lookup.hear({ nodes, services });
    if (watchers.size > 0) for (const node of nodes) roll.answered(node);
  };

  const network = newNetwork(options.interface, log, {
    question(packet, from) {
      board.answer(packet, from).catch((error: unknown) => log.debug('mDNS: a question was not answered', { error }));
    },
    announcement(packet) {
      if (watchers.size > 0) announced(reader.read(packet, announced));
    },
    answer(packet) {
      answered(reader.read(packet, answered), listedServices(packet, names));
    },
    lost: (error) => watchers.fail(error),
  });

  const board = newBoard({
    names,
    tell: (packet, to) => network.tell(packet, to),
    onUnsent: (error) => log.warn('mDNS: the network did not take an announcement', { error }),
  });
  const lookup = newLookup({ names, windowMs, ask: (packet) => network.ask(packet), allRead: () => reader.allRead() });
  const watchers = newWatchers(() => {
    if (watchers.size === 0) calling?.abort();
    restWhenIdle();
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

  const restWhenIdle = (): void => {
    if (busy === 0 && board.empty && watchers.size === 0) void network.rest();
  };

  const work = async <T>(what: () => Promise<T>): Promise<T> => {
    open();
    busy += 1;
    try {
      return await what();
    } finally {
      busy -= 1;
      restWhenIdle();
    }
  };

  return {
    name: 'mdns',
    register: (service) =>
      work(async () => {
        await network.join();
        open();
        await board.put(service);
      }),
    deregister: (service) => work(() => board.take(service)),
    getService: (name) =>
      work(async () => {
        const found = await lookup.nodes([name]);
        return byVersion(found.map(({ record }) => record).toSorted(byVersionAndNode));
      }),
    listServices: () =>
      work(async () => {
        // Who watches wants to know the nodes, too.
        const services = await lookup.services(watchers.size > 0);
        return services.map((name) => ({ name, version: '', metadata: {}, endpoints: [], nodes: [] }));
      }),
    watch: (watchOptions) =>
      work(async () => {
        await network.join();
        open();
        const events = watchers.add(watchOptions);
        // A watch that was called off while the socket opened has ended already: nobody would end the roll.
        if (watchers.size > 0 && (calling === undefined || calling.signal.aborted)) {
          calling = new AbortController();
          // A question that was open when the last watch ended may have opened a socket again.
          void roll.call(calling.signal).then(restWhenIdle);
        }
        return events;
      }),
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
