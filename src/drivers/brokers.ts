import type { Config } from '../config/config.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { Broker } from '../runtime/broker/broker.ts';
import type { Drivers } from './choose.ts';
import { builtIn, fromPackage } from './choose.ts';
import type { DriverOptions } from './driver.ts';
import type { TlsOptions } from '../runtime/transport/tls.ts';

/** `tls` is the transport's: subscribers of the http broker are servers, too. */
type Settings = DriverOptions & { readonly registry: Registry; readonly tls: TlsOptions | undefined };

export const brokers: Drivers<(settings: Settings) => Promise<Broker>> = {
  http: async ({ addresses: [address], registry, tls, log }) => {
    const { httpBroker } = await import('../runtime/broker/http/http.ts');
    const secure = tls === undefined ? {} : { tls };
    return httpBroker({ registry, ...(address === undefined ? {} : { address }), ...secure, log });
  },
  memory: async () => (await import('../runtime/broker/memory.ts')).memoryBroker(),
  nats: async ({ addresses, log }) =>
    (await import('../runtime/broker/nats/nats.ts')).natsBroker({ servers: addresses, log }),
  redis: async ({ addresses: [url], log }) =>
    (await import('../runtime/broker/redis/redis.ts')).redisBroker({ ...(url === undefined ? {} : { url }), log }),
  mqtt: async ({ addresses: [url], log }) =>
    (await import('../runtime/broker/mqtt/mqtt.ts')).mqttBroker({ ...(url === undefined ? {} : { url }), log }),
  rabbitmq: async ({ addresses: [url], log }) => {
    const { rabbitmqBroker } = await import('../runtime/broker/rabbitmq/rabbitmq.ts');
    return rabbitmqBroker({ ...(url === undefined ? {} : { url }), log });
  },
};

/** The broker is loaded when somebody publishes or subscribes: most who run a command do neither. */
export async function openBroker(
  config: Config,
  registry: Registry,
  tls: TlsOptions | undefined,
  log: Log,
): Promise<Broker> {
  const { driver, addresses } = config.broker;
  const settings = { addresses, registry, tls, log };
  const own = builtIn(brokers, driver);
  if (own !== undefined) return lazyBroker(driver, () => own(settings));
  return (await fromPackage<Broker>('broker', driver, Object.keys(brokers)))(settings);
}

function lazyBroker(name: string, make: () => Promise<Broker>): Broker {
  let loading: Promise<Broker> | undefined;
  let loaded: Broker | undefined;
  const load = async (): Promise<Broker> => {
    loading ??= make();
    loaded = await loading;
    return loaded;
  };
  return {
    name,
    get address() {
      return loaded?.address ?? '';
    },
    connect: async () => (await load()).connect(),
    disconnect: async () => (loading === undefined ? undefined : (await load()).disconnect()),
    publish: async (topic, message) => (await load()).publish(topic, message),
    subscribe: async (topic, handler, options) => (await load()).subscribe(topic, handler, options),
  };
}
