import type {
  CallOptions,
  ChannelCredentials,
  ClientDuplexStream,
  Metadata,
  MethodDefinition,
  Server,
  ServiceError,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Client, credentials, Metadata as NewMetadata, Server as NewServer, ServerCredentials } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';

/*
 * The usual gRPC library of Node as a peer, its messages as bare bytes.
 */

const same = (bytes: Buffer): Buffer => bytes;

export interface LibraryClient {
  unary(path: string, body: string | Buffer, options?: CallOptions, metadata?: Metadata): Promise<string>;
  stream(path: string, options?: CallOptions, metadata?: Metadata): ClientDuplexStream<Buffer, Buffer>;
}

/** Fails with the `ServiceError` of the library. */
export function libraryClient(
  address: string,
  secure: ChannelCredentials = credentials.createInsecure(),
): LibraryClient {
  const client = new Client(address, secure);
  onTestFinished(() => client.close());
  return {
    unary: (path, body, options = {}, metadata = new NewMetadata()) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(path, same, same, Buffer.from(body), metadata, options, (error, answer) => {
          if (error === null) resolve(answer?.toString() ?? '');
          else reject(error);
        });
      }),
    stream: (path, options = {}, metadata = new NewMetadata()) =>
      client.makeBidiStreamRequest(path, same, same, metadata, options),
  };
}

export interface LibraryServer {
  readonly address: string;
  readonly server: Server;
}

const definition = (path: string, stream: boolean): MethodDefinition<Buffer, Buffer> => ({
  path,
  requestStream: stream,
  responseStream: stream,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
});

/** Serves `unary` and `streams` as methods of `greeter.Greeter`. */
export async function libraryServer(
  unary: UntypedServiceImplementation,
  streams: UntypedServiceImplementation = {},
  secure: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<LibraryServer> {
  const server = new NewServer();
  const service: Record<string, MethodDefinition<Buffer, Buffer>> = {};
  for (const name of Object.keys(unary)) service[name] = definition(`/greeter.Greeter/${name}`, false);
  for (const name of Object.keys(streams)) service[name] = definition(`/greeter.Greeter/${name}`, true);
  server.addService(service, { ...unary, ...streams });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', secure, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  onTestFinished(() => server.forceShutdown());
  return { address: `127.0.0.1:${port}`, server };
}

export const isServiceError = (error: unknown): error is ServiceError => error instanceof Error && 'metadata' in error;
