import type { Client, Metadata, ServiceDefinition, ServiceError } from '@grpc/grpc-js';
import type { IRangeRequest } from 'etcd3';

export type Done = (error: ServiceError | null, answer?: unknown) => void;

/** Sends one request on a client of the library. */
export type Ask = (client: Client, metadata: Metadata, done: Done) => { cancel(): void };

/** The library has made a method of the name, at run time. */
export const askMethod =
  (name: string, request: unknown): Ask =>
  (client, metadata, done) => {
    const { [name]: method } = client as Client & Readonly<Record<string, Method>>;
    if (method === undefined) throw new TypeError(`etcd has no method ${name}`);
    return method.call(client, request, metadata, done);
  };

type Method = (request: unknown, metadata: Metadata, done: Done) => { cancel(): void };

/** A range request whose answer stays as it came. */
export const askRange =
  (request: IRangeRequest): Ask =>
  (client, metadata, done) => {
    const { Range } = (client.constructor as unknown as { readonly service: ServiceDefinition }).service;
    if (Range === undefined) throw new TypeError('etcd has no ranges');
    return client.makeUnaryRequest(Range.path, Range.requestSerialize, (bytes) => bytes, request, metadata, done);
  };
