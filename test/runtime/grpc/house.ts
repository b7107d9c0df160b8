import { onTestFinished } from 'vitest';
import type { Node } from '../../../src/discovery/registry.ts';
import type { Client } from '../../../src/runtime/client/client.ts';
import type { ClientOptions } from '../../../src/runtime/client/micro.ts';
import { newClient } from '../../../src/runtime/client/micro.ts';
import type { GrpcServerOptions } from '../../../src/runtime/server/grpc/grpc.ts';
import { grpcServerProtocol } from '../../../src/runtime/server/grpc/grpc.ts';
import type { ServerOptions } from '../../../src/runtime/server/micro.ts';
import type { Method, Server } from '../../../src/runtime/server/server.ts';
import { memoryTransport } from '../../../src/runtime/transport/memory.ts';
import { newWorld } from '../world.ts';

/** A server that speaks gRPC and serves `methods` as `Greeter`; it ends with the test. */
export function serve(
  methods: Readonly<Record<string, Method>>,
  grpc: GrpcServerOptions = {},
  options: Partial<ServerOptions> = {},
): Promise<Server> {
  return newWorld(memoryTransport).serve(methods, { protocol: grpcServerProtocol(grpc), ...options });
}

/** A client that takes every address for one where gRPC is spoken; it ends with the test. */
export function open(grpc: ClientOptions['grpc'] = {}, options: Partial<ClientOptions> = {}): Client {
  // A machine that stands still for five seconds fails no call whose time is not the matter.
  const defaults = { timeoutMs: 20_000, ...options.defaults };
  const client = newClient({ transport: memoryTransport(), protocol: 'grpc', grpc, ...options, defaults });
  onTestFinished(() => client.close());
  return client;
}

/** A node as a registry has it. */
export const nodeAt = (address: string): Node => ({ id: address, address, metadata: { protocol: 'grpc' } });

/** What calls of `Greeter` have in common. */
export const greeter = (method: string): { readonly service: string; readonly endpoint: string } => ({
  service: 'greeter',
  endpoint: `Greeter.${method}`,
});
