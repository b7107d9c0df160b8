import type { Limits } from '../../http2/http2.ts';
import type { Patience } from '../watch.ts';

/** What one message may cost, and one connection. */
export interface GrpcSettings extends Patience {
  readonly maxMessageBytes: number;
}

/** go-micro 2 and later, go-micro 1. */
export const methods = {
  current: '/go.micro.transport.grpc.Transport/Stream',
  old: '/go.micro.grpc.transport.Transport/Stream',
} as const;

/**
 * Of both sides. HTTP/2's own windows of 64 KiB make the other side wait for us again and again. What waits to be sent is for the owners
 * of sockets to bound, who are told: the limit only keeps the process alive.
 */
export const limits: Limits = {
  streamWindowBytes: 1024 * 1024,
  connectionWindowBytes: 1024 * 1024,
  maxStreams: 1000,
  maxHeadBytes: 64 * 1024,
  maxFields: 256,
  maxWaitingBytes: 1024 * 1024 * 1024,
};
