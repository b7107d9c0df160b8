import { internalServerError, MicroError } from '../../errors.ts';
import type { Connection, ConnectionOwner } from '../../http2/http2.ts';
import type { TlsDialing, TlsOptions } from '../../transport/tls.ts';
import { tlsForDialing } from '../../transport/tls.ts';
import type { Budget } from '../budget.ts';
import { final } from '../failure.ts';
import { dial } from './dial.ts';
import { Heads } from './heads.ts';
import { Session } from './session.ts';
import type { Target } from './target.ts';
import { targetOf } from './target.ts';

export interface PoolOptions {
  /** Connections to one address. */
  readonly maxSessions: number;
  /** How long a connection is kept, at least, on which nothing is asked. */
  readonly idleMs: number;
  /** Towards every node. */
  readonly tls: TlsOptions | undefined;
}

/** How long peers may take to hear that we leave. */
const lingerMs = 1000;

const none: readonly Session[] = [];

/** Sessions by address. A new one is dialled when all of them carry as much as they may. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #sessions = new Map<string, Session[]>();
  #tls: TlsDialing | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  /** Why nothing is dialled any more. */
  #closed: MicroError | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * A session, maybe one that is only being opened, which may take so long, or some of the budget. Throws when the pool is closed, and for
   * what is no address.
   */
  take(address: string, dialTimeoutMs: number | undefined, budget: Budget): Session {
    if (this.#closed !== undefined) throw this.#closed;
    const sessions = this.#sessions.get(address) ?? none;
    let idlest: Session | undefined;
    for (const session of sessions) {
      if (!session.isUsable) continue;
      if (session.hasRoom) return session;
      if (idlest === undefined || session.load < idlest.load) idlest = session;
    }
    if (idlest !== undefined && sessions.length >= this.#options.maxSessions) return idlest;
    return this.#dial(address, dialTimeoutMs ?? budget.dialMs);
  }

  async close(reason: MicroError): Promise<void> {
    this.#closed = final(reason);
    clearTimeout(this.#sweeping);
    const sessions = [...this.#sessions.values()].flat();
    this.#sessions.clear();
    for (const session of sessions) session.over(reason);
    await Promise.all(sessions.map((session) => session.leave(lingerMs)));
  }

  #dial(address: string, timeoutMs: number): Session {
    const target = targetTo(address);
    const isSecure = this.#options.tls !== undefined || target.isSecure;
    const heads = new Heads(isSecure ? 'https' : 'http', target.address);
    const connect = (owner: ConnectionOwner): Promise<Connection> =>
      this.#connect(target.address, isSecure, timeoutMs, owner);
    const session = new Session(address, heads, connect, this.#onClosed);
    const sessions = this.#sessions.get(address);
    if (sessions === undefined) this.#sessions.set(address, [session]);
    else sessions.push(session);
    this.#sweeping ??= setTimeout(() => this.#sweep(), this.#options.idleMs).unref();
    return session;
  }

  async #connect(address: string, isSecure: boolean, timeoutMs: number, owner: ConnectionOwner): Promise<Connection> {
    try {
      return await dial(address, isSecure ? this.#secure() : undefined, timeoutMs, owner);
    } catch (error) {
      throw unsent(error);
    }
  }

  #secure(): TlsDialing {
    return (this.#tls ??= tlsForDialing(this.#options.tls ?? {}));
  }

  readonly #onClosed = (session: Session): void => {
    const sessions = this.#sessions.get(session.address);
    const at = sessions?.indexOf(session) ?? -1;
    if (at >= 0) sessions?.splice(at, 1);
    if (sessions?.length === 0) this.#sessions.delete(session.address);
  };

  #sweep(): void {
    this.#sweeping = undefined;
    for (const session of [...this.#sessions.values()].flat()) if (session.isIdle()) void session.leave(lingerMs);
    if (this.#sessions.size > 0) this.#sweeping = setTimeout(() => this.#sweep(), this.#options.idleMs).unref();
  }
}

function targetTo(address: string): Target {
  try {
    return targetOf(address);
  } catch (error) {
    throw unsent(error);
  }
}

function unsent(error: unknown): MicroError {
  if (error instanceof MicroError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return internalServerError('go.micro.client', `Error sending request: ${text}`, { cause: error });
}
