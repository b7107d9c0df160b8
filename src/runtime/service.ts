import type { Log } from '../log/log.ts';
import type { CallWrapper, Client, ClientWrapper } from './client/client.ts';
import type { ClientOptions } from './client/micro.ts';
import { newClient } from './client/micro.ts';
import type { ServerOptions } from './server/micro.ts';
import { newServer } from './server/micro.ts';
import type { Handler, HandlerWrapper, Server } from './server/server.ts';
import { httpTransport } from './transport/http/http.ts';
import type { Transport } from './transport/transport.ts';

export type Hook = () => Promise<void> | void;

export interface ServiceOptions extends Omit<ServerOptions, 'transport' | 'wrappers'> {
  /** Default: http. */
  readonly transport?: Transport;
  readonly handlers?: readonly Handler[];
  /** Each list: the first is the outermost. */
  readonly handlerWrappers?: readonly HandlerWrapper[];
  readonly clientWrappers?: readonly ClientWrapper[];
  readonly callWrappers?: readonly CallWrapper[];
  /** More about the client. */
  readonly client?: Pick<ClientOptions, 'defaults' | 'lookup' | 'poolSize' | 'poolTtlMs' | 'selector'>;
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
  readonly client: Client;
  readonly server: Server;
  /** Before `run` only. */
  handle(handler: Handler): void;
  /** Serves until `signal` aborts or the process is told to end, and resolves when everything has stopped. Once only. */
  run(options?: { readonly signal?: AbortSignal }): Promise<void>;
}

/** The registry is the caller's: it is used, but not closed. */
export function newService(options: ServiceOptions): Service {
  const { transport = httpTransport(), registry, handlers = [], handlerWrappers = [], graceMs = 5000 } = options;
  const { clientWrappers = [], callWrappers = [] } = options;
  const server = newServer({ ...options, transport, wrappers: handlerWrappers });
  const shared = options.log === undefined ? {} : { log: options.log };
  const client = newClient({
    ...options.client,
    ...shared,
    transport,
    registry,
    name: server.name,
    wrappers: clientWrappers,
    callWrappers,
  });
  for (const handler of handlers) server.handle(handler);

  return {
    name: server.name,
    client,
    server,
    handle: (handler) => server.handle(handler),
    async run({ signal } = {}) {
      const ending = endOf(signal, options.handleSignals ?? signal === undefined);
      try {
        await all(options.beforeStart);
        await server.start();
        await all(options.afterStart);
        await ending.promise;
        await all(options.beforeStop);
      } finally {
        ending.forget();
        await server.stop({ graceMs });
        await client.close();
      }
      await all(options.afterStop);
    },
  };
}

async function all(hooks: readonly Hook[] = []): Promise<void> {
  for (const hook of hooks) await hook();
}

const names = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;

/** When it is time to stop. Our listeners leave with the first signal, so that a second one has its usual effect. */
function endOf(
  signal: AbortSignal | undefined,
  handleSignals: boolean,
): { promise: Promise<void>; forget: () => void } {
  let forget = (): void => {};
  const promise = new Promise<void>((resolve) => {
    const end = (): void => {
      forget();
      resolve();
    };
    forget = () => {
      signal?.removeEventListener('abort', end);
      for (const name of names) process.removeListener(name, end);
    };
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', end, { once: true });
    if (handleSignals) for (const name of names) process.on(name, end);
  });
  return { promise, forget };
}
