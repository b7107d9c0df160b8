import { serviceCache } from '../../discovery/cached.ts';
import type { Node, Registry } from '../../discovery/registry.ts';
import type { Log } from '../../log/log.ts';
import { silent } from '../../log/log.ts';
import type { Broker } from '../broker/broker.ts';
import type { Codecs } from '../codec/codec.ts';
import { defaultCodecs } from '../codec/defaults.ts';
import { internalServerError, MicroError } from '../errors.ts';
import { newSelector } from '../selector/cached.ts';
import type { Lookup, Selector } from '../selector/selector.ts';
import type { Transport } from '../transport/transport.ts';
import { Attempt } from './attempt.ts';
import { Attempts } from './attempts.ts';
import type { Origin } from './attempts.ts';
import { Budget } from './budget.ts';
import type {
  AnswerListener,
  CallFunc,
  CallOptions,
  CallWrapper,
  Client,
  ClientStream,
  ClientWrapper,
  Request,
} from './client.ts';
import type { GrpcClientOptions } from './grpc/grpc.ts';
import { lazyProtocol } from './lazy.ts';
import { mucpProtocol } from './mucp/mucp.ts';
import type { ClientProtocol, Sender } from './protocol.ts';
import { publish } from './publish.ts';

export interface ClientOptions {
  readonly transport: Transport;
  /** Asked through a cache that the client closes with itself. Without registry, lookup and selector only calls with `address` work. */
  readonly registry?: Registry;
  /** Instead of a registry: somebody else's cache. */
  readonly lookup?: Lookup;
  /** Instead of either. */
  readonly selector?: Selector;
  /** Where events go. It is the caller's: connected when it is needed, and not disconnected. */
  readonly broker?: Broker;
  /** Default: all that need no further package. */
  readonly codecs?: Codecs;
  /** Idle connections kept an address. Default 100. */
  readonly poolSize?: number;
  /** How long a connection is used, in milliseconds since it was opened. Default 60,000. */
  readonly poolTtlMs?: number;
  /** Around whole calls; the first is the outermost. */
  readonly wrappers?: readonly ClientWrapper[];
  /** Around each attempt; the first is the outermost. */
  readonly callWrappers?: readonly CallWrapper[];
  /** Told for each call and stream, once an attempt. Must not throw. */
  readonly onAnswer?: AnswerListener;
  /** Who calls: sent as `Micro-From-Service` unless the metadata says so already. */
  readonly name?: string;
  /** How addresses are spoken to that a caller gives: nodes in the registry say it themselves. Default `mucp`. */
  readonly protocol?: 'mucp' | 'grpc';
  /** More about how nodes are called that speak gRPC. */
  readonly grpc?: Omit<GrpcClientOptions, 'codecs' | 'sender'>;
  /** For calls that do not say otherwise. */
  readonly defaults?: CallOptions;
  readonly log?: Log;
}

const defaultTimeoutMs = 5000;

/** What call wrappers hand on unseen inside the options. */
const underWay = Symbol('the call under way');

interface AttemptOptions extends CallOptions {
  readonly [underWay]?: { readonly attempt: Attempt; readonly budget: Budget; readonly limits: CallOptions };
}

/** A client that speaks to each node what the node speaks. */
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
  const origin: Origin = { selector, given: options.protocol ?? 'mucp', onAnswer: options.onAnswer };
  let ids = 0;
  let closed = false;

  const sender: Sender = { nextId: () => `${ids++}`, name: options.name };
  const mucp = mucpProtocol({ transport, codecs, sender, poolSize, poolTtlMs });
  const grpc = lazyProtocol(async () =>
    (await import('./grpc/grpc.ts')).grpcClientProtocol({ codecs, sender, ...options.grpc }),
  );
  const protocols: readonly ClientProtocol[] = [mucp.modern, grpc];
  const protocolOf = ({ metadata: { protocol } }: Node): ClientProtocol => {
    if (protocol === 'grpc') return grpc;
    return protocol === undefined || protocol === '' ? mucp.legacy : mucp.modern;
  };
  const wrapped = wrapCalls(options.callWrappers ?? []);

  const refuseWhenClosed = (): void => {
    if (closed) throw closedError();
  };

  /** What call wrappers wrap: everything they may have changed is read again. */
  async function base(node: Node, request: Request, options: AttemptOptions): Promise<unknown> {
    const known = options[underWay];
    const attempt = known?.attempt.request === request ? known.attempt : new Attempt(request, protocolOf);
    if (known !== undefined && haveSameLimits(options, known.limits)) {
      return attempt.exchange(node, options, known.budget);
    }
    const budget = known === undefined ? newBudget(options) : budgetWithin(known.budget, options);
    try {
      return await attempt.exchange(node, options, budget);
    } finally {
      budget.release();
    }
  }

  function call(request: Request, callOptions: CallOptions | undefined): Promise<unknown> {
    refuseWhenClosed();
    const options = callOptions === undefined ? defaults : { ...defaults, ...callOptions };
    const attempt = new Attempt(request, protocolOf);
    const budget = newBudget(options);
    const run =
      wrapped === undefined
        ? (node: Node) => attempt.exchange(node, options, budget)
        : (node: Node) => {
            const attemptOptions: AttemptOptions = { ...options, [underWay]: { attempt, budget, limits: options } };
            return budget.guard(wrapped(node, request, attemptOptions));
          };
    return new Attempts(origin, request.service, options, budget, run, 'release').begin();
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
      // Only a limit that this call names: a conversation may last.
      const options = { ...defaults, ...callOptions };
      const budget = new Budget(options, callOptions.timeoutMs ?? Number.POSITIVE_INFINITY);
      const run = (node: Node): Promise<ClientStream<T>> => protocolOf(node).openStream(node, request, options, budget);
      const stream = await new Attempts(origin, request.service, options, budget, run, 'keep').begin();
      if (closed) await stream.close();
      refuseWhenClosed();
      return stream;
    },

    async publish(message, publishOptions = {}) {
      refuseWhenClosed();
      await publish(options.broker, codecs, options.name, message, publishOptions);
    },

    async close() {
      if (closed) return;
      closed = true;
      for (const protocol of protocols) await protocol.close(closedError());
      await cache?.close();
    },
  };
  return (options.wrappers ?? []).reduceRight((next, wrap) => wrap(next), client);

  function wrapCalls(wrappers: readonly CallWrapper[]): CallFunc | undefined {
    return wrappers.length === 0 ? undefined : wrappers.reduceRight<CallFunc>((next, wrap) => wrap(next), base);
  }
}

const newBudget = (options: CallOptions): Budget => new Budget(options, options.timeoutMs ?? defaultTimeoutMs);

const haveSameLimits = (one: CallOptions, other: CallOptions): boolean =>
  one.timeoutMs === other.timeoutMs && one.signal === other.signal && one.context === other.context;

/** For one attempt, whose end is not the end of the call. */
function budgetWithin(outer: Budget, options: CallOptions): Budget {
  if (outer.error !== undefined) throw outer.error;
  const own = newBudget({ ...options, timeoutMs: Math.min(options.timeoutMs ?? outer.leftMs, outer.leftMs) });
  outer.onOver = () => own.end(outer.canceled ? 'canceled' : 'deadline exceeded');
  return own;
}

const closedError = (): MicroError => internalServerError('go.micro.client', 'the client is closed');
