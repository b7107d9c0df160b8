import type { MicroError } from '../../errors.ts';
import type { Transport } from '../../transport/transport.ts';
import { Connection } from './connection.ts';

export interface PoolOptions {
  readonly transport: Transport;
  /** Idle connections kept an address. */
  readonly size: number;
  /** Since a connection was opened; older ones are closed instead of being used again. */
  readonly ttlMs: number;
}

/** Idle connections by dialled address; the one used last is taken first. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #idle = new Map<string, Connection[]>();
  readonly #busy = new Set<Connection>();
  #sweeping: NodeJS.Timeout | undefined;
  /** Why nothing is dialled any more. */
  #closed: MicroError | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** An idle connection, if there is one. */
  take(address: string): Connection | undefined {
    const idle = this.#idle.get(address);
    for (let connection = idle?.pop(); connection !== undefined; connection = idle?.pop()) {
      if (this.#usable(connection)) {
        this.#busy.add(connection);
        return connection;
      }
      connection.close();
    }
    return undefined;
  }

  /** Rejects with the transport's `TransportError`, or the error the pool was closed with. */
  async dial(address: string, timeoutMs: number): Promise<Connection> {
    if (this.#closed !== undefined) throw this.#closed;
    const connection = new Connection(address, this.#onClosed);
    this.#busy.add(connection);
    try {
      connection.attach(await this.#options.transport.dial(address, connection, { timeoutMs }));
      return connection;
    } catch (error) {
      this.#busy.delete(connection);
      throw error;
    }
  }

  /** Gives a connection back after an answer, or when nothing was asked on it. */
  release(connection: Connection): void {
    this.#busy.delete(connection);
    const idle = this.#idle.get(connection.address);
    if (this.#closed !== undefined || !this.#usable(connection) || (idle?.length ?? 0) >= this.#options.size)
      connection.close();
    else if (idle === undefined) this.#idle.set(connection.address, [connection]);
    else idle.push(connection);
    if (this.#closed === undefined) this.#sweeping ??= setTimeout(() => this.#sweep(), this.#options.ttlMs).unref();
  }

  /** Closes a connection on which an answer is still to come, or whose state nobody knows. */
  drop(connection: Connection): void {
    this.#busy.delete(connection);
    connection.destroy();
  }

  close(error: MicroError): void {
    this.#closed = error;
    clearTimeout(this.#sweeping);
    const idle = [...this.#idle.values()].flat();
    const busy = [...this.#busy];
    this.#idle.clear();
    this.#busy.clear();
    for (const connection of idle) connection.close();
    for (const connection of busy) connection.fail(error);
  }

  #usable(connection: Connection): boolean {
    return connection.open && !connection.retired && Date.now() - connection.createdAt < this.#options.ttlMs;
  }

  readonly #onClosed = (connection: Connection): void => {
    this.#busy.delete(connection);
    const idle = this.#idle.get(connection.address);
    const at = idle?.indexOf(connection) ?? -1;
    if (at >= 0) idle?.splice(at, 1);
    if (idle?.length === 0) this.#idle.delete(connection.address);
  };

  #sweep(): void {
    this.#sweeping = undefined;
    for (const [address, connections] of this.#idle) {
      const young = connections.filter((connection) => this.#usable(connection));
      const old = connections.filter((connection) => !young.includes(connection));
      if (young.length > 0) this.#idle.set(address, young);
      else this.#idle.delete(address);
      for (const connection of old) connection.close();
    }
    if (this.#idle.size > 0) this.#sweeping = setTimeout(() => this.#sweep(), this.#options.ttlMs).unref();
  }
}
