import type { Metadata } from '../../src/discovery/registry.ts';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import type { ServerProtocol } from '../../src/runtime/server/protocol.ts';
import { grpcTransport } from '../../src/runtime/transport/grpc/grpc.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import type { Transport } from '../../src/runtime/transport/transport.ts';
import { websocketTransport } from '../../src/runtime/transport/websocket/websocket.ts';

/** A way for client and server to talk. */
export interface Wire {
  readonly transport: () => Transport;
  /** What a server speaks on it; mucp unless it says otherwise. */
  readonly protocol?: () => ServerProtocol;
  /** What nodes say of themselves. */
  readonly metadata: Metadata;
}

export type WireName = 'http' | 'shared http' | 'gRPC' | 'grpc transport' | 'websocket';

/** For peers that say nothing more: so many of them are to be let go of that the usual time would be too long. */
const patienceMs = 400;

export const wires: Readonly<Record<WireName, Wire>> = {
  http: { transport: httpTransport, metadata: { protocol: 'mucp' } },
  'shared http': { transport: httpTransport, metadata: { protocol: 'mucp', multiplex: 'true' } },
  gRPC: {
    transport: httpTransport,
    protocol: () => grpcServerProtocol({ requestTimeoutMs: patienceMs }),
    metadata: { protocol: 'grpc' },
  },
  'grpc transport': {
    transport: () => grpcTransport({ headTimeoutMs: patienceMs, bodyWindowMs: patienceMs }),
    metadata: { protocol: 'mucp' },
  },
  websocket: { transport: websocketTransport, metadata: { protocol: 'mucp' } },
};
