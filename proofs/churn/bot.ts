import { builtins } from '../../src/commands/builtins.ts';
import { type Catalogue, createCatalogue } from '../../src/commands/catalogue.ts';
import type { Directory } from '../../src/discovery/directory.ts';
import { createDirectory } from '../../src/discovery/directory/follow.ts';
import { etcdRegistry } from '../../src/discovery/etcd/etcd.ts';
import type { Registry } from '../../src/discovery/registry.ts';
import type { Log } from '../../src/log/log.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { answers } from '../../src/runtime/transport/answers.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';

/** What of the bot follows a registry, put together as the program does it. */
export interface Follower {
  readonly directory: Directory;
  readonly catalogue: Catalogue;
  /** How often the registry was asked for a single service. */
  readonly questions: number;
  close(): Promise<void>;
}

const aliveMs = 500;

/** Resolves when everything was seen. */
export async function startFollower(addresses: readonly string[], log: Log): Promise<Follower> {
  let questions = 0;
  const etcd = etcdRegistry({ addresses, log });
  const registry: Registry = {
    ...etcd,
    get isOut() {
      return etcd.isOut === true;
    },
    getService(name) {
      questions += 1;
      return etcd.getService(name);
    },
  };
  const directory = createDirectory(registry, { log, isAlive: ({ address }) => answers(address, aliveMs) });
  const client = newClient({ transport: httpTransport(), lookup: (name) => directory.lookup(name) });
  const about = { version: '0', startedAt: Date.now(), inputs: () => [] };
  const catalogue = createCatalogue({
    directory,
    client,
    builtins: (commands) => builtins({ registry, client, directory, about, commands }),
    log,
  });
  await directory.ready;
  await catalogue.ready;
  return {
    directory,
    catalogue,
    get questions() {
      return questions;
    },
    async close() {
      await catalogue.close();
      await client.close();
      await directory.close();
      await registry.close();
    },
  };
}
