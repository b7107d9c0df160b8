import { sleep } from '../../async/sleep.ts';
import { type Log, silent } from '../../log/log.ts';
import { ordered } from '../order.ts';
import { type Registry, RegistryError } from '../registry.ts';
import { parseAddresses } from './address.ts';
import { newAgent } from './agent.ts';
import { viewOfAll } from './all.ts';
import { newFollows } from './follows.ts';
import type { ConsulTls } from './line.ts';
import { viewOfOne } from './one.ts';
import { newOutage } from '../outage.ts';
import { newOwn } from './own.ts';
import { newQuestions } from './questions.ts';

export interface ConsulOptions {
  /**
   * Agents of one cluster, the nearest first: `host`, `host:8500`, `https://user:password@host/path`, `unix:///run/consul.sock`. When one can't
   * be reached the next is asked. None: `127.0.0.1:8500`.
   */
  readonly addresses: readonly string[];
  /** Who we are for Consul's access control. */
  readonly token?: string | undefined;
  /** Also makes addresses without a scheme `https`. The agent's certificate is verified unless told otherwise. */
  readonly tls?: ConsulTls | undefined;
  /** How long an answer may take. Default 5,000. */
  readonly timeoutMs?: number;
  readonly log?: Log;
}

/**
 * Finds services in Consul by way of its agents, as go-micro does. A node is registered with the agent that answers, and only that agent can
 * take it back. With a time to live (a second at least) it has a check: critical when it was not repeated in time, which nobody sees any more,
 * and removed a while later. Without one it stays until it is taken back. Metadata of services does not travel; that of nodes, endpoints and the
 * version are in tags. Connections are made when they are needed. Throws `invalid` at once for an address or certificate that can't be used.
 */
export function consulRegistry(options: ConsulOptions): Registry {
  const { addresses, token, tls, timeoutMs = 5000, log = silent } = options;
  const places = parseAddresses(addresses, tls !== undefined);
  const outage = newOutage(log, 'Consul');
  const agent = newAgent({ places, token, tls: tls ?? {}, timeoutMs, outage });
  const questions = newQuestions(agent, log);
  const own = newOwn(agent);
  const viewOf = (service: string | undefined) =>
    service === undefined ? viewOfAll(questions, timeoutMs) : viewOfOne(questions, service, timeoutMs);
  const follows = newFollows(viewOf, () => outage.isOn);
  const closed = new RegistryError('closed', 'the Consul registry is closed');
  let closing: Promise<void> | undefined;

  const open = (): void => {
    if (closing !== undefined) throw closed;
  };

  const takeBack = async (): Promise<void> => {
    const isOver = new AbortController();
    const clear = own.clear().catch((error: unknown) => {
      log.warn('Consul: not everything could be taken back', { error });
    });
    await Promise.race([clear.finally(() => isOver.abort()), sleep(timeoutMs, isOver.signal)]);
  };

  return {
    name: 'consul',
    keeps: true,
    get isOut() {
      return outage.isOn;
    },
    async register(service, registerOptions = {}) {
      open();
      await Promise.all(service.nodes.map((node) => own.put(service, node, registerOptions)));
    },
    async deregister(service) {
      open();
      await Promise.all(service.nodes.map(({ id }) => own.take(service.name, id)));
    },
    async getService(name) {
      open();
      return ordered((await questions.health(name))?.records.values() ?? []);
    },
    async listServices() {
      open();
      const names = [...((await questions.names())?.names ?? [])];
      return names.toSorted().map((name) => ({ name, version: '', metadata: {}, endpoints: [], nodes: [] }));
    },
    async watch(watch) {
      open();
      return follows.watch(watch);
    },
    close() {
      closing ??= (async () => {
        follows.fail(closed);
        await takeBack();
        await agent.close();
      })();
      return closing;
    },
  };
}
