import { randomUUID } from 'node:crypto';
import type { Log } from '../log/log.ts';
import type { CallWrapper, Client, ClientWrapper } from './client/client.ts';
import type { ClientOptions } from './client/micro.ts';
import { newClient } from './client/micro.ts';
import { endOf } from './ending.ts';
import { merge } from './merge.ts';
import type { ServerOptions } from './server/micro.ts';
import { newServer } from './server/micro.ts';
import type { Handler, HandlerWrapper, Server, Subscriber } from './server/server.ts';
import { httpTransport } from './transport/http/http.ts';
import type { Transport } from './transport/transport.ts';

export type Hook = () => Promise<void> | void;

export interface ServiceOptions extends Omit<ServerOptions, 'transport' | 'wrappers'> {
  /** Default: http. */
  readonly transport?: Transport;
  readonly handlers?: readonly Handler[];
  /** They need a `broker`. */
  readonly subscribers?: readonly Subscriber[];
  /** Each list: the first is the outermost. */
  readonly handlerWrappers?: readonly HandlerWrapper[];
  readonly clientWrappers?: readonly ClientWrapper[];
  readonly callWrappers?: readonly CallWrapper[];
  /** More about the client. */
  readonly client?: Pick<ClientOptions, 'defaults' | 'lookup' | 'poolSize' | 'poolTtlMs' | 'protocol' | 'selector'>;
  /** Another client or server than ours. It is given all that these options say: name and wrappers are never lost. */
  readonly newClient?: (options: ClientOptions) => Client;
  readonly newServer?: (options: ServerOptions) => Server;
  readonly beforeStart?: readonly Hook[];
  readonly afterStart?: readonly Hook[];
  readonly beforeStop?: readonly Hook[];
  readonly afterStop?: readonly Hook[];
  /** Stop on SIGTERM, SIGINT and SIGQUIT. Default: when `run` is given no signal. A second one ends the process at once. */
  readonly handleSignals?: boolean;
  /** How long running requests may take when the service stops, in milliseconds. Default 5,000. */
  readonly graceMs?: number;
  readonly log?: Log;
}

/** A client and a server of one name. */
export interface Service {
  readonly name: string;
  /** All that was said so far, handlers and subscribers included. Frozen: `init` says more. */
  readonly options: ServiceOptions;
  readonly client: Client;
  readonly server: Server;
  /**
   * Says more: a value replaces what was said before, lists are appended, `client` and `metadata` are merged. Throws, and changes
   * nothing, once the client was used or the server started: what comes too late would be half in force.
   */
  init(options: Partial<ServiceOptions>): void;
  /** Before `run` only. Throws when the type is served already. */
  handle(handler: Handler): void;
  /** Before `run` only. Throws when the service has no broker. */
  subscribe(subscriber: Subscriber): void;
  /** Serves until `signal` aborts or the process is told to end, and resolves when everything has stopped. Once only. */
  run(options?: { readonly signal?: AbortSignal }): Promise<void>;
}

/** Registry and broker are the caller's: they are used, but not closed. */
export const newService = (options: ServiceOptions): Service => serviceUntil(options, []);

/** A service that stops, too, when one of these signals aborts. */
export function serviceUntil(given: ServiceOptions, ends: readonly AbortSignal[]): Service {
  let options: Complete = merge<Complete>({ transport: httpTransport(), id: randomUUID(), ...given }, {});
  let server = makeServer(options);
  let client: Client | undefined;
  let state: 'new' | 'started' = 'new';

  const refuseWhenLate = (what: string): void => {
    if (state === 'started') throw new Error(`${what} before the service is started`);
  };
  const opened = (): Client => (client ??= makeClient(options, server.name));

  const service: Service = {
    get name() {
      return server.name;
    },
    get options() {
      return options;
    },
    // They stay the same while `init` exchanges what is behind them.
    client: {
      call: (request, callOptions) => opened().call(request, callOptions),
      stream: (request, callOptions) => opened().stream(request, callOptions),
      publish: (message, publishOptions) => opened().publish(message, publishOptions),
      close: () => opened().close(),
    },
    server: {
      get name() {
        return server.name;
      },
      get id() {
        return server.id;
      },
      get address() {
        return server.address;
      },
      get record() {
        return server.record;
      },
      handle: (handler) => service.handle(handler),
      subscribe: (subscriber) => service.subscribe(subscriber),
      start() {
        state = 'started';
        return server.start();
      },
      stop: (stopOptions) => server.stop(stopOptions),
    },
    init(more) {
      refuseWhenLate('options, and wrappers among them, must be given');
      if (client !== undefined)
        throw new Error('options, and wrappers among them, must be given before the client is used');
      const next = merge<Complete>(options, more);
      server = makeServer(next);
      options = next;
    },
    handle(handler) {
      server.handle(handler);
      options = merge<Complete>(options, { handlers: [handler] });
    },
    subscribe(subscriber) {
      server.subscribe(subscriber);
      options = merge<Complete>(options, { subscribers: [subscriber] });
    },
    async run({ signal } = {}) {
      if (state === 'started') throw new Error('the service was started before: it runs once only');
      state = 'started';
      const { handleSignals = signal === undefined, graceMs = 5000 } = options;
      const ending = endOf(signal === undefined ? ends : [signal, ...ends], handleSignals);
      try {
        await all(options.beforeStart);
        await server.start();
        await all(options.afterStart);
        await ending.promise;
        await all(options.beforeStop);
      } finally {
        ending.forget();
        await server.stop({ graceMs });
        await opened().close();
      }
      await all(options.afterStop);
    },
  };
  return service;
}

type Complete = ServiceOptions & Pick<ServerOptions, 'transport'>;

function makeServer(options: Complete): Server {
  const { handlers = [], subscribers = [], handlerWrappers = [] } = options;
  const server = (options.newServer ?? newServer)({ ...options, wrappers: handlerWrappers });
  for (const handler of handlers) server.handle(handler);
  for (const subscriber of subscribers) server.subscribe(subscriber);
  return server;
}

function makeClient(options: Complete, name: string): Client {
  const { transport, registry, broker, codecs, log } = options;
  return (options.newClient ?? newClient)({
    ...options.client,
    ...(broker === undefined ? {} : { broker }),
    ...(codecs === undefined ? {} : { codecs }),
    ...(log === undefined ? {} : { log }),
    transport,
    registry,
    name,
    wrappers: options.clientWrappers ?? [],
    callWrappers: options.callWrappers ?? [],
  });
}

async function all(hooks: readonly Hook[] = []): Promise<void> {
  for (const hook of hooks) await hook();
}
