import { orAborted } from '../../async/aborted.ts';
import { deadline } from '../../async/deadline.ts';
import { type Log, silent } from '../../log/log.ts';
import { type Registry, RegistryError } from '../registry.ts';
import { newWatchers } from '../watchers.ts';
import { type Place, parseAddresses } from './address.ts';
import { newCluster } from './cluster.ts';
import { newFeed } from './feed.ts';
import { newHoldings } from './holdings.ts';
import { allKeys, serviceKeys } from './keys.ts';
import { readRecords } from './listing.ts';
import { newMember } from './member.ts';
import { type EtcdTls, securityOf } from './security.ts';
import { newEntryReader } from './values.ts';

export interface EtcdOptions {
  /** The members of one cluster: `host:port` or `https://user:password@host:port`. Default `127.0.0.1:2379`. */
  readonly addresses: readonly string[];
  /** For addresses that name nobody. */
  readonly user?: string;
  readonly password?: string;
  /** Used for addresses with `https://`, and for those that say nothing. */
  readonly tls?: EtcdTls;
  /** How long an answer may take; of a long list each page. Default 5,000. */
  readonly timeoutMs?: number;
  readonly log?: Log;
}

/**
 * Services as go-micro keeps them in etcd (version 3 of its API). Connects with the first question. A watch goes on where it was when etcd comes
 * back, as long as etcd still knows what happened in between; when it does not, the watch ends. Throws `invalid` for addresses and certificates.
 */
export function etcdRegistry(options: EtcdOptions): Registry {
  const { timeoutMs = 5000, log = silent } = options;
  const members = parseAddresses(options.addresses).map((place) =>
    newMember({ place, security: securityFor(place, options.tls), user: userFor(place, options) }),
  );
  const cluster = newCluster({ members, timeoutMs, log });
  const read = newEntryReader(log);
  const holdings = newHoldings(cluster);
  let waiting = 0;
  let closing: Promise<void> | undefined;

  const watchers = newWatchers(() => rest());
  const feed = newFeed({
    cluster,
    read,
    emit: (event) => watchers.emit(event),
    onOutage(out, error = new RegistryError('unavailable', `${cluster.name} does not answer`)) {
      if (out) cluster.foundOut(error);
      watchers.outage(out, out ? error : undefined);
    },
    onLost: (error) => watchers.fail(error),
  });
  const rest = (): void => {
    if (watchers.size === 0 && waiting === 0) feed.stop();
  };

  const open = (): void => {
    if (closing !== undefined) throw closed();
  };

  /** Several questions to etcd may be behind one: all of them together have the time of one. */
  const inTime = async (work: () => Promise<void>): Promise<void> => {
    open();
    using time = deadline(undefined, timeoutMs);
    try {
      await orAborted(work(), time.signal);
    } catch (error) {
      throw error === time.signal.reason ? new RegistryError('unavailable', `${cluster.name} is too slow`) : error;
    }
  };

  const close = async (): Promise<void> => {
    watchers.fail(closed());
    feed.stop();
    using time = deadline(undefined, timeoutMs);
    await orAborted(holdings.release(), time.signal).catch(() => {
      log.warn('not everything could be taken out of etcd', { registry: 'etcd' });
    });
    cluster.close();
  };

  return {
    name: 'etcd',
    listsNodes: true,
    keeps: true,
    get isOut() {
      return cluster.isOut;
    },
    register: (service, registerOptions = {}) => inTime(() => holdings.register(service, registerOptions)),
    deregister: (service) => inTime(() => holdings.deregister(service)),
    async getService(name) {
      open();
      // Names that differ in slashes alone share their keys.
      const records = await readRecords(cluster, serviceKeys(name), read);
      return records.filter((record) => record.name === name);
    },
    async listServices() {
      open();
      return readRecords(cluster, allKeys, read);
    },
    async watch(watchOptions) {
      open();
      waiting += 1;
      try {
        await orAborted(feed.ready(), watchOptions.signal);
      } catch (error) {
        // One that was called off begins, and has ended.
        if (!watchOptions.signal.aborted) throw error;
      } finally {
        waiting -= 1;
      }
      open();
      const events = watchers.add(watchOptions);
      rest();
      return events;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

const closed = (): RegistryError => new RegistryError('closed', 'the etcd registry is closed');

const securityFor = ({ isSecure }: Place, tls: EtcdTls | undefined) =>
  (isSecure ?? tls !== undefined) ? securityOf(tls ?? {}) : undefined;

const userFor = ({ user, password = '' }: Place, options: EtcdOptions) => {
  if (user !== undefined) return { name: user, password };
  return options.user === undefined ? undefined : { name: options.user, password: options.password ?? '' };
};
