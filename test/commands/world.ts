import { builtins } from '../../src/commands/builtins.ts';
import { type Catalogue, createCatalogue } from '../../src/commands/catalogue.ts';
import type { Command } from '../../src/commands/command.ts';
import { type CommandSet, commandSet } from '../../src/commands/set.ts';
import type { About } from '../../src/commands/status.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import type { Directory } from '../../src/discovery/directory.ts';
import { createDirectory } from '../../src/discovery/directory/follow.ts';
import type { Registry } from '../../src/discovery/registry.ts';
import type { Log } from '../../src/log/log.ts';
import type { Broker } from '../../src/runtime/broker/broker.ts';
import { memoryBroker } from '../../src/runtime/broker/memory.ts';
import type { Client } from '../../src/runtime/client/client.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { shape } from '../../src/runtime/schema.ts';
import { newServer, type ServerOptions } from '../../src/runtime/server/micro.ts';
import { type Handler, type Server, unary } from '../../src/runtime/server/server.ts';
import { memoryTransport } from '../../src/runtime/transport/memory.ts';
import type { Transport } from '../../src/runtime/transport/transport.ts';

/** A registry, a transport and whatever serves there: all in this process, all of the real runtime. */
export interface World {
  readonly registry: Registry;
  readonly transport: Transport;
  readonly broker: Broker;
  readonly client: Client;
  /** The built-in commands alone, which ask the registry. */
  readonly set: CommandSet;
  /** Starts a service. It stops with the world at the latest. */
  serve(name: string, handlers: readonly Handler[], options?: Partial<ServerOptions>): Promise<Server>;
  /** Starts a catalogue and waits until it has seen what is there. */
  catalogue(options?: CatalogueOptions): Promise<Catalogue>;
  /** Starts a catalogue and does not wait. */
  startCatalogue(options?: CatalogueOptions): Catalogue;
  /** Follows the registry from the first time on that somebody asks for it, as a catalogue does. */
  directory(): Directory;
  /** Stops all of it. */
  close(): Promise<void>;
}

export interface CatalogueOptions {
  readonly namespace?: string;
  readonly self?: string;
  readonly log?: Log;
  readonly about?: About;
  readonly signal?: AbortSignal;
}

export function newWorld(registry: Registry = memoryRegistry(), transport: Transport = memoryTransport()): World {
  const broker = memoryBroker();
  const client = newClient({ transport, registry, broker, name: 'test' });
  const ends: (() => Promise<void>)[] = [];
  const follow = async (): Promise<Directory> => createDirectory(registry);
  const commands: readonly Command[] = builtins({ registry, client, follow, commands: () => set });
  const set = commandSet(commands);
  let following: Directory | undefined;
  const directory = (): Directory => {
    following ??= createDirectory(registry);
    return following;
  };
  const startCatalogue = ({ about, ...options }: CatalogueOptions = {}): Catalogue => {
    const deps = { registry, directory: directory(), ...(about === undefined ? {} : { about }) };
    const follower = newClient({ transport, lookup: (name) => deps.directory.lookup(name), broker, name: 'test' });
    const catalogue = createCatalogue({
      directory: deps.directory,
      client: follower,
      ...options,
      builtins: (commands) => builtins({ ...deps, client: follower, commands }),
    });
    ends.unshift(async () => {
      await catalogue.close();
      await follower.close();
    });
    return catalogue;
  };
  return {
    registry,
    transport,
    broker,
    client,
    set,
    async serve(name, handlers, options = {}) {
      const server = newServer({ transport, registry, broker, name, version: '1.0.0', address: ':0', ...options });
      for (const handler of handlers) server.handle(handler);
      await server.start();
      ends.unshift(() => server.stop({ graceMs: 0 }));
      return server;
    },
    async catalogue(options) {
      const catalogue = startCatalogue(options);
      await catalogue.ready;
      return catalogue;
    },
    startCatalogue,
    directory,
    async close() {
      for (const end of ends) await end();
      await following?.close();
      await client.close();
      await registry.close();
    },
  };
}

/** The service of the acceptance stories. */
export const greeter: Handler = {
  name: 'Say',
  methods: {
    Hello: unary(({ name = '' }: { readonly name?: string }) => ({ msg: `Hello ${name}` }), {
      request: shape('Request', { name: 'string' }),
      response: shape('Response', { msg: 'string' }),
    }),
  },
};

export interface Lines extends Log {
  readonly lines: readonly string[];
}

/** Collects what is logged, message and fields in one line each. */
export function collectLog(): Lines {
  const lines: string[] = [];
  const write = (message: string, fields: object = {}): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { lines, debug: () => {}, info: write, warn: write, error: write };
}
