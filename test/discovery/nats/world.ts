import { connect, type NatsConnection } from '@nats-io/transport-node';
import { onTestFinished } from 'vitest';
import { natsRegistry, type NatsRegistryOptions } from '../../../src/discovery/nats/nats.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { type Nats, startNats } from '../../support/nats.ts';

/** A busy machine may take its time for an answer, while what goes wrong is noticed within a test. */
export const quick = { timeoutMs: 20_000, windowMs: 60, refreshMs: 250 };

/** Does not wait for what never answers; what shall succeed may have to be asked for again. */
export const hasty = { timeoutMs: 1000 };

/** A registry that is closed with the test. */
export function open(server: { readonly url: string }, options: Partial<NatsRegistryOptions> = {}): Registry {
  const registry = natsRegistry({ addresses: [server.url], ...quick, ...options });
  onTestFinished(() => registry.close());
  return registry;
}

/** A server that ends with the test. */
export async function started(args: readonly string[] = []): Promise<Nats> {
  const server = await startNats(args);
  onTestFinished(() => server.stop());
  return server;
}

/** Somebody who speaks for himself. */
export async function peerOf(server: { readonly url: string }): Promise<NatsConnection> {
  const peer = await connect({ servers: server.url });
  onTestFinished(() => peer.close());
  return peer;
}
