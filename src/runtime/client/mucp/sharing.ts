import type { Node } from '../../../discovery/registry.ts';
import type { MicroError } from '../../errors.ts';
import { saysMultiplex } from '../../multiplex.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import { broken, refused } from '../failure.ts';
import { SharedConnection } from './shared.ts';

export interface SharingOptions {
  readonly transport: Transport;
  /** Since a connection was opened; nothing is asked on older ones. */
  readonly ttlMs: number;
}

/** The connections to one address, and the dial that is under way. */
interface Group {
  readonly connections: SharedConnection[];
  dialing: Promise<SharedConnection> | undefined;
}

/** Shared connections by dialled address: one as a rule, more when it is full or does not keep up. */
export class Sharing {
  readonly #options: SharingOptions;
  readonly #groups = new Map<string, Group>();
  /** Peers that answered without an id, whatever they say of themselves, and until when that is remembered. */
  readonly #anonymous = new Map<string, number>();
  /** Why nothing is dialled any more. */
  #closed: MicroError | undefined;

  constructor(options: SharingOptions) {
    this.#options = options;
  }

  /** Whether calls to this node can share connections. */
  suits({ address, metadata }: Node): boolean {
    if (!saysMultiplex(metadata)) return false;
    if (this.#anonymous.size === 0) return true;
    const until = this.#anonymous.get(address);
    if (until === undefined) return true;
    if (until > Date.now()) return false;
    this.#anonymous.delete(address);
    return true;
  }

  /** A connection with room, if there is one. */
  take(address: string): SharedConnection | undefined {
    const group = this.#groups.get(address);
    if (group === undefined) return undefined;
    for (const connection of group.connections) if (connection.hasRoom) return connection;
    return undefined;
  }

  /** Opens one more connection. All who want one at the same moment wait for the same, with the time limit of the first. Rejects with a `MicroError`. */
  async dial(address: string, timeoutMs: number, budget: Budget): Promise<void> {
    const connection = await budget.guard(this.#dial(address, timeoutMs));
    if (this.#closed !== undefined) throw this.#closed;
    if (!connection.open) throw broken(undefined);
  }

  close(error: MicroError): void {
    this.#closed = error;
    const all = [...this.#groups.values()].flatMap(({ connections }) => connections);
    this.#groups.clear();
    for (const connection of all) connection.fail(error);
  }

  #dial(address: string, timeoutMs: number): Promise<SharedConnection> {
    if (this.#closed !== undefined) throw this.#closed;
    let group = this.#groups.get(address);
    if (group === undefined) this.#groups.set(address, (group = { connections: [], dialing: undefined }));
    group.dialing ??= this.#open(address, timeoutMs, group);
    return group.dialing;
  }

  async #open(address: string, timeoutMs: number, group: Group): Promise<SharedConnection> {
    const { transport, ttlMs } = this.#options;
    const connection = new SharedConnection(address, (gone) => this.#forget(gone, group));
    group.connections.push(connection);
    try {
      connection.attach(await transport.dial(address, connection, { timeoutMs }), ttlMs);
    } catch (error) {
      this.#forget(connection, group);
      return refused(error);
    } finally {
      group.dialing = undefined;
    }
    if (this.#closed !== undefined) connection.fail(this.#closed);
    return connection;
  }

  #forget(connection: SharedConnection, { connections }: Group): void {
    const { address, isAnonymous } = connection;
    if (isAnonymous) this.#anonymous.set(address, Date.now() + this.#options.ttlMs);
    const at = connections.indexOf(connection);
    if (at >= 0) connections.splice(at, 1);
    if (connections.length === 0 && this.#groups.get(address)?.connections === connections)
      this.#groups.delete(address);
  }
}
