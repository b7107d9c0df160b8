import type { Config } from '../config/config.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { Broker } from '../runtime/broker/broker.ts';
import type { ClientWrapper } from '../runtime/client/client.ts';
import type { Codecs } from '../runtime/codec/codec.ts';
import type { Lookup, Selector } from '../runtime/selector/selector.ts';
import type { TlsOptions } from '../runtime/transport/tls.ts';
import type { Transport } from '../runtime/transport/transport.ts';
import { openBroker } from './brokers.ts';
import { openCodecs } from './codecs.ts';
import type { NewServerProtocol } from './protocols.ts';
import { clientProtocol, findServerProtocol } from './protocols.ts';
import { openSelector } from './selectors.ts';
import { speaking } from './speaking.ts';
import { readTls } from './tls.ts';
import { openTransport } from './transports.ts';

/** What a client is made of. */
export interface Opened {
  readonly transport: Transport;
  readonly broker: Broker;
  readonly selector: Selector;
  readonly codecs: Codecs;
  readonly protocol: 'mucp' | 'grpc';
  /** How gRPC nodes are called: encrypted when the transport is. */
  readonly grpc: { readonly tls?: TlsOptions };
  readonly wrappers: readonly ClientWrapper[];
  /** What a server speaks, for who starts one. */
  readonly serverProtocol: NewServerProtocol;
}

/** All drivers but the registry, which the lookup needs before. Rejects with a `ConfigError` for what cannot be chosen. */
export async function openDrivers(config: Config, registry: Registry, lookup: Lookup, log: Log): Promise<Opened> {
  const protocol = clientProtocol(config);
  const { tls: files } = config.transport;
  const tls = files === undefined ? undefined : await readTls(files);
  const [transport, broker, selector, { chosen, all }, serverProtocol] = await Promise.all([
    openTransport(config, registry, tls, log),
    openBroker(config, registry, tls, log),
    openSelector(config, registry, lookup, log),
    openCodecs(config, registry, log),
    findServerProtocol(config),
  ]);
  const wrapper = speaking(chosen);
  return {
    transport,
    broker,
    selector,
    codecs: all,
    protocol,
    grpc: tls === undefined ? {} : { tls },
    wrappers: wrapper === undefined ? [] : [wrapper],
    serverProtocol: () => serverProtocol({ transport, tls, registry, log }),
  };
}
