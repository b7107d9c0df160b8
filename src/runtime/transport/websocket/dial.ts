import type { Socket as NetSocket } from 'node:net';
import { WebSocket } from 'ws';
import { endsOf } from '../ends.ts';
import { dialTcp } from '../tcp-dial.ts';
import type { TlsDialing } from '../tls.ts';
import type { Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import type { WebsocketSettings } from './settings.ts';
import { protocol } from './settings.ts';
import { WebsocketSocket } from './socket.ts';

export interface ClientSettings extends WebsocketSettings {
  readonly tls: TlsDialing | undefined;
}

/** Rejects as `dialTcp` does, and with `invalid` for who does not speak WebSocket. */
export async function dial(
  address: string,
  receiver: Receiver,
  settings: ClientSettings,
  timeoutMs: number,
): Promise<Socket> {
  const end = Date.now() + timeoutMs;
  const net = await dialTcp(address, { timeoutMs, tls: settings.tls, alpn: 'http/1.1' });
  const leftMs = Math.max(1, end - Date.now());
  return new Promise((resolve, reject) => {
    const ws = open(net, address, settings.maxMessageBytes);
    const failed = (error: TransportError): void => {
      clearTimeout(timer);
      net.destroy();
      reject(error);
    };
    const timer = setTimeout(
      () => failed(new TransportError('timeout', `${address} did not answer within ${timeoutMs} ms`)),
      leftMs,
    );
    const broke = (error: NodeJS.ErrnoException): void => failed(refused(address, error));
    ws.on('error', broke);
    ws.once('unexpected-response', (_request, response) => {
      failed(new TransportError('invalid', `${address} does not take WebSockets: it answered ${response.statusCode}`));
    });
    ws.once('open', () => {
      clearTimeout(timer);
      resolve(new WebsocketSocket(ws, endsOf(net), settings).start(receiver));
      ws.off('error', broke);
    });
  });
}

function open(net: NetSocket, address: string, maxPayload: number): WebSocket {
  const host = address.startsWith(':') ? `localhost${address}` : address;
  // With TLS, too: the connection is there already.
  return new WebSocket(`ws://${host}/`, [protocol], {
    createConnection: () => net,
    perMessageDeflate: false,
    followRedirects: false,
    skipUTF8Validation: true,
    maxPayload,
  });
}

function refused(address: string, error: NodeJS.ErrnoException): TransportError {
  const { code = '', message } = error;
  if (code === 'ECONNRESET' || message === 'socket hang up')
    return new TransportError('unreachable', `cannot reach ${address}: it broke off`, { cause: error });
  return new TransportError('invalid', `${address} does not speak WebSocket: ${code === '' ? message : code}`, {
    cause: error,
  });
}
