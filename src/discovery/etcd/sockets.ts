import { ChannelCredentials, credentials } from '@grpc/grpc-js';
import { type Socket, isIP } from 'node:net';
import { connect, type SecureContext } from 'node:tls';

/** How a connection is kept from others' eyes. */
export interface Security {
  readonly context: SecureContext;
  /** Takes anybody for the server. */
  readonly insecure: boolean;
}

type Connector = ReturnType<ChannelCredentials['_createSecureConnector']>;
type Connected = Awaited<ReturnType<Connector['connect']>>;

/**
 * Makes the connections of one gRPC channel and remembers their sockets. The library lets go of a connection only when its server has
 * agreed; with a server that hangs it would stay for as long as that.
 */
export class Sockets extends ChannelCredentials {
  readonly #host: string;
  readonly #security: Security | undefined;
  readonly #open = new Set<Socket>();
  #closed = false;

  constructor(host: string, security: Security | undefined) {
    super();
    this.#host = host;
    this.#security = security;
  }

  /** Cuts them all, and those that are still to come. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#open) socket.destroy();
  }

  override _isSecure(): boolean {
    return this.#security !== undefined;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(...[, , calls]: Parameters<ChannelCredentials['_createSecureConnector']>): Connector {
    return {
      connect: (socket) => this.#secured(socket),
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => calls ?? credentials.createEmpty(),
      destroy: () => {},
    };
  }

  async #secured(socket: Socket): Promise<Connected> {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    if (this.#closed) socket.destroy();
    if (this.#security === undefined) return { socket, secure: false };
    return { socket: await handshake(socket, this.#host, this.#security), secure: true };
  }
}

function handshake(socket: Socket, host: string, { context, insecure }: Security): Promise<Socket> {
  // A name tells a server with several certificates which one to show; addresses are not allowed there.
  const name = isIP(host) === 0 ? { servername: host } : {};
  return new Promise((resolve, reject) => {
    const secure = connect({
      socket,
      host,
      secureContext: context,
      rejectUnauthorized: !insecure,
      ALPNProtocols: ['h2'],
      ...name,
    });
    secure.once('secureConnect', () => resolve(secure));
    secure.on('error', reject);
    secure.once('close', () => reject(new Error('the connection was closed before it was secure')));
  });
}
