import type { ServerOptions } from 'node:http2';
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

/** What the other side may send before we have read what came: HTTP/2's own 64 KiB make it wait for us again and again. */
export const windowBytes: number = 1024 * 1024;

/** Of both sides. The memory of a session counts what waits to be sent, too: it is the messages that are limited. */
export const sessionOptions: Pick<ServerOptions, 'settings' | 'maxSessionMemory'> = {
  settings: { initialWindowSize: windowBytes, enablePush: false },
  maxSessionMemory: 1000,
};
