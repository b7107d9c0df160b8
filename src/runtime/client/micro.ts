import { serviceCache } from '../../discovery/cached.ts';
import type { Node, Registry } from '../../discovery/registry.ts';
import type { Log } from '../../log/log.ts';
import { silent } from '../../log/log.ts';
import type { Codecs } from '../codec/codec.ts';
import { defaultCodecs } from '../codec/defaults.ts';
import { internalServerError, MicroError } from '../errors.ts';
import { newSelector } from '../selector/cached.ts';
import type { Lookup, Selector } from '../selector/selector.ts';
import type { Transport } from '../transport/transport.ts';
import { attempts } from './attempts.ts';
import { Budget } from './budget.ts';
import type { CallFunc, CallOptions, CallWrapper, Client, ClientStream, ClientWrapper, Request } from './client.ts';
import type { Prepared } from './mucp/exchange.ts';
import { exchange } from './mucp/exchange.ts';
import { Pool } from './mucp/pool.ts';
import type { Sender } from './mucp/request.ts';
import { encode, formatOf } from './mucp/request.ts';
import { openStream } from './mucp/stream.ts';

export interface ClientOptions {
  readonly transport: Transport;
  /** Asked through a cache that the client closes with itself. Without registry, lookup and selector only calls with `address` work. */
  readonly registry?: Registry;
  /** Instead of a registry: somebody else's cache. */
  readonly lookup?: Lookup;
  /** Instead of either. */
  readonly selector?: Selector;
  /** Default: json and protobuf. */
  readonly codecs?: Codecs;
  /** Idle connections kept an address. Default 100. */
  readonly poolSize?: number;
  /** How long a connection is used, in milliseconds since it was opened. Default 60,000. */
  readonly poolTtlMs?: number;
  /** Around whole calls; the first is the outermost. */
  readonly wrappers?: readonly ClientWrapper[];
  /** Around each attempt; the first is the outermost. */
  readonly callWrappers?: readonly CallWrapper[];
  /** Who calls: sent as `Micro-From-Service` unless the metadata says so already. */
  readonly name?: string;
  /** For calls that do not say otherwise. */
  readonly defaults?: CallOptions;
  readonly log?: Log;
}

const defaultTimeoutMs = 5000;

/** What call wrappers hand on unseen inside the options. */
const underWay = Symbol('the call under way');

interface AttemptOptions extends CallOptions {
  readonly [underWay]?: { readonly request: Request; readonly prepared: Prepared; readonly budget: Budget };
}

/** A client that speaks mucp, go-micro's own protocol, over any transport. */
export function newClient(options: ClientOptions): Client {
  const {
    transport,
    codecs = defaultCodecs,
    poolSize = 100,
    poolTtlMs = 60_000,
    defaults = {},
    log = silent,
  } = options;
  const cache = options.registry === undefined ? undefined : serviceCache(options.registry, { log });
  const lookup = options.lookup ?? ((name: string) => cache?.lookup(name) ?? []);
  const selector = options.selector ?? newSelector({ lookup });
  const pool = new Pool({ transport, size: poolSize, ttlMs: poolTtlMs });
  const streams = new Set<ClientStream>();
  const wrapped = wrapCalls(options.callWrappers ?? []);
  let ids = 0;
  let closed = false;

  const sender: Sender = { nextId: () => `${ids++}`, name: options.name };
  const prepare = (request: Request): Prepared => {
    const format = formatOf(request, codecs);
    return { format, body: encode(request.body, request, format) };
  };
  const refuseWhenClosed = (): void => {
    if (closed) throw closedError();
  };

  /** What call wrappers wrap: everything they may have changed is read again. */
  async function base(node: Node, request: Request, options: AttemptOptions): Promise<unknown> {
    const known = options[underWay];
    const prepared = known?.request === request ? known.prepared : prepare(request);
    const budget = known?.budget ?? newBudget(options);
    try {
      return await exchange(pool, sender, node, request, options, prepared, budget);
    } finally {
      if (known === undefined) budget.release();
    }
  }

  function call(request: Request, callOptions: CallOptions | undefined): Promise<unknown> {
    refuseWhenClosed();
    const options = callOptions === undefined ? defaults : { ...defaults, ...callOptions };
    const prepared = prepare(request);
    const budget = newBudget(options);
    const attempt =
      wrapped === undefined
        ? (node: Node) => exchange(pool, sender, node, request, options, prepared, budget)
        : (node: Node) => {
            const attemptOptions: AttemptOptions = { ...options, [underWay]: { request, prepared, budget } };
            return budget.guard(wrapped(node, request, attemptOptions));
          };
    return attempts(selector, request.service, options, budget, attempt, 'release');
  }

  const client: Client = {
    // Not async: that would be one promise more in every call.
    call<T>(request: Request, callOptions?: CallOptions): Promise<T> {
      try {
        return call(request, callOptions) as Promise<T>;
      } catch (error) {
        return Promise.reject(MicroError.from(error, 'go.micro.client'));
      }
    },

    async stream<T>(request: Request, callOptions: CallOptions = {}): Promise<ClientStream<T>> {
      refuseWhenClosed();
      const format = formatOf(request, codecs);
      // Only a limit that this call names: a conversation may last.
      const options = { ...defaults, ...callOptions };
      const budget = new Budget(options, callOptions.timeoutMs ?? Number.POSITIVE_INFINITY);
      const open = (node: Node): Promise<ClientStream<T>> =>
        openStream({ transport, sender, node, request, options, format, budget, streams });
      const stream = await attempts(selector, request.service, options, budget, open, 'keep');
      if (closed) await stream.close();
      refuseWhenClosed();
      return stream;
    },

    async close() {
      if (closed) return;
      closed = true;
      pool.close(closedError());
      for (const stream of streams) await stream.close();
      await cache?.close();
    },
  };
  return (options.wrappers ?? []).reduceRight((next, wrap) => wrap(next), client);

  function wrapCalls(wrappers: readonly CallWrapper[]): CallFunc | undefined {
    return wrappers.length === 0 ? undefined : wrappers.reduceRight<CallFunc>((next, wrap) => wrap(next), base);
  }
}

const newBudget = (options: CallOptions): Budget => new Budget(options, options.timeoutMs ?? defaultTimeoutMs);

const closedError = (): MicroError => internalServerError('go.micro.client', 'the client is closed');
