// The bot's directory and catalogue on an etcd, in a process of their own: follow.mjs ADDRESS URL
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keys } from '../lib/etcd.mjs';
import { load } from '../lib/product.mjs';
import { serve } from '../lib/serve.mjs';
import { newcomer } from './records.mjs';

const [address, url] = process.argv.slice(2);
const LOOKUP_PASSES = 9;
const WITHIN_MS = 10_000;
/** Puts come at any time: some fall into the pause after another change, as they would. */
const MAX_PAUSE_MS = 120;

const { etcdRegistry } = await load('discovery/etcd/etcd.js');
const { createDirectory } = await load('discovery/directory/follow.js');
const { createCatalogue } = await load('commands/catalogue.js');
const { builtins } = await load('commands/builtins.js');
const { newClient } = await load('runtime/client/micro.js');
const { httpTransport } = await load('runtime/transport/http/http.js');
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const registry = etcdRegistry({ addresses: [address] });
let directory;
let catalogue;

/** What JavaScript holds, on its heap and in buffers beside it. */
async function heldBytes() {
  for (let turn = 0; turn < 3; turn += 1) {
    collectGarbage();
    await sleep(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function follow() {
  await registry.getService('nobody');
  const before = await heldBytes();
  const startedAt = performance.now();
  directory = createDirectory(registry);
  await directory.ready;
  const readyMs = performance.now() - startedAt;
  const heldMb = ((await heldBytes()) - before) / 1e6;
  const nodes = [...directory.services.values()].flat().reduce((sum, record) => sum + record.nodes.length, 0);
  return { readyMs, heldMb, residentMb: process.memoryUsage.rss() / 1e6, services: directory.services.size, nodes };
}

/** Nanoseconds a lookup, of each pass through all services in an order that is nobody's. */
function lookUp() {
  const names = [...directory.services.keys()].sort((one, other) => scrambled(one) - scrambled(other));
  const passes = Array.from({ length: LOOKUP_PASSES }, () => {
    const startedAt = performance.now();
    for (const name of names) if (!(directory.lookup(name).length > 0)) throw new Error(`${name} was not found`);
    return ((performance.now() - startedAt) * 1e6) / names.length;
  });
  return { passes };
}

const scrambled = (name) => (Number(name.slice(-6)) * 7_919) % 1_000_003;

async function catalogued() {
  const client = newClient({ lookup: (name) => directory.lookup(name), transport: httpTransport() });
  catalogue = createCatalogue({
    directory,
    client,
    builtins: (commands) => builtins({ registry, client, directory, commands }),
  });
  await catalogue.ready;
  return { commands: catalogue.current.commands.length };
}

async function until(what) {
  const endsAt = performance.now() + WITHIN_MS;
  while (!what()) {
    if (performance.now() > endsAt) throw new Error(`a command was not there, or stayed, for ${WITHIN_MS} ms`);
    await sleep(1);
  }
}

/** How long it takes from before something is done in etcd until the catalogue shows it. */
async function taking(act, what) {
  const startedAt = performance.now();
  const [ms] = await Promise.all([until(what).then(() => performance.now() - startedAt), act()]);
  return ms;
}

async function change(count) {
  const etcd = keys(url);
  const [came, went] = [[], []];
  for (let index = 0; index < count; index += 1) {
    const word = `newcomer-${index}`;
    const [key, value] = newcomer(word);
    const isThere = () => catalogue.current.find([word]) !== undefined;
    came.push(await taking(() => etcd.put(key, value), isThere));
    await sleep(Math.random() * MAX_PAUSE_MS);
    went.push(
      await taking(
        () => etcd.remove(key),
        () => !isThere(),
      ),
    );
    await sleep(Math.random() * MAX_PAUSE_MS);
  }
  return { came, went };
}

const ANSWERS = { follow, lookUp, catalogued, change };

await serve(
  async () => true,
  async ({ what, count }) => ANSWERS[what](count),
);
