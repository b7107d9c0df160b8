import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Log } from '../../../log/log.ts';
import { endsOf } from '../ends.ts';
import { listenTcp } from '../tcp-listen.ts';
import type { TlsOptions } from '../tls.ts';
import type { Listener, Receiver, Socket } from '../transport.ts';
import type { WebsocketSettings } from './settings.ts';
import { protocol } from './settings.ts';
import { WebsocketSocket } from './socket.ts';

export interface ServerSettings extends WebsocketSettings {
  readonly tls: TlsOptions | undefined;
  readonly log: Log;
}

/** Listens on the first free port of the address. Rejects as `listenTcp` does. */
export async function listen(
  address: string,
  accept: (socket: Socket) => Receiver,
  settings: ServerSettings,
): Promise<Listener> {
  const { tls, log, headTimeoutMs, maxMessageBytes } = settings;
  const upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  });
  const waiting = new Map<Duplex, NodeJS.Timeout>();
  const arrived = (net: Duplex): void => {
    clearTimeout(waiting.get(net));
    waiting.delete(net);
  };
  const server = createServer({ keepAlive: false }, (_request, response) => {
    response.writeHead(426, { 'Content-Type': 'text/plain', Connection: 'close' }).end('this port speaks WebSocket\n');
  });
  server.on('upgrade', (request, net, head) => {
    net.on('error', () => net.destroy());
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      // What still comes is read and dropped: otherwise nobody would see that the other side has closed, too. He has the time for a head.
      net.resume();
      net.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    arrived(net);
    upgrades.handleUpgrade(request, net, head, (ws) => {
      const socket = new WebsocketSocket(ws, endsOf(request.socket), settings);
      socket.start(accept(socket));
    });
  });
  const listener = await listenTcp(
    address,
    { tls, alpn: 'http/1.1', handshakeTimeoutMs: headTimeoutMs, log },
    (net: NetSocket) => {
      waiting.set(
        net,
        setTimeout(() => net.destroy(), headTimeoutMs),
      );
      net.once('close', () => arrived(net));
      server.emit('connection', net);
    },
  );
  return {
    address: listener.address,
    async close() {
      await listener.close();
      for (const net of waiting.keys()) net.destroy();
    },
  };
}

/** Pages in browsers may open WebSockets to any host, and only tell where they come from: none of them has business here. */
function refusalOf({ headers }: IncomingMessage): string | undefined {
  if (headers.origin !== undefined) return '403 Forbidden';
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
  return offered?.includes(protocol) === true ? undefined : '400 Bad Request';
}
