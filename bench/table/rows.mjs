/**
 * Ways to make the same call. `protocol` is what the node speaks, `transport` what that travels on, `codec` what bodies are written
 * in; `alone` is how Go peers are spoken to, one call a connection, whatever the node says of itself. `go` rows are go-micro itself.
 */
export const ROWS = [
  { name: 'http, json', transport: 'http', codec: 'json', alone: true },
  { name: 'http, protobuf', transport: 'http', codec: 'protobuf', alone: true },
  { name: 'http, json-rpc', transport: 'http', codec: 'json-rpc', alone: true },
  { name: 'http, proto-rpc', transport: 'http', codec: 'proto-rpc', alone: true },
  { name: 'http multiplexed, json', transport: 'http', codec: 'json' },
  { name: 'http multiplexed, protobuf', transport: 'http', codec: 'protobuf' },
  { name: 'gRPC, json', transport: 'http', protocol: 'grpc', codec: 'json' },
  { name: 'gRPC, protobuf', transport: 'http', protocol: 'grpc', codec: 'protobuf' },
  { name: 'grpc transport, json', transport: 'grpc', codec: 'json' },
  { name: 'websocket, json', transport: 'websocket', codec: 'json' },
  { name: 'nats, json', transport: 'nats', codec: 'json' },
  { name: 'memory, json', transport: 'memory', codec: 'json' },
  { name: 'go-micro 1.18 http, json', go: 'http', codec: 'json' },
  { name: 'go-micro 1.18 http, protobuf', go: 'http', codec: 'protobuf' },
  { name: 'go-micro 1.18 gRPC, json', go: 'grpc', codec: 'json' },
  { name: 'go-micro 1.18 gRPC, protobuf', go: 'grpc', codec: 'protobuf' },
];

/** Which of ours is held to be ahead of which of Go's. */
export const DUELS = [
  ['http, json', 'go-micro 1.18 http, json'],
  ['http, protobuf', 'go-micro 1.18 http, protobuf'],
  ['gRPC, json', 'go-micro 1.18 gRPC, json'],
  ['gRPC, protobuf', 'go-micro 1.18 gRPC, protobuf'],
];
