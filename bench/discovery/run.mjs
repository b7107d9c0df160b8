import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startChild } from '../lib/child.mjs';
import { startEtcd } from '../lib/etcd.mjs';
import { goProgram } from '../lib/go.mjs';
import { alone } from '../lib/namespace.mjs';
import { startProgram } from '../lib/program.mjs';
import { nodesOf, pairsOf } from './records.mjs';

const script = (name) => fileURLToPath(new URL(name, import.meta.url));
const TIMEOUT_MS = 60_000;
const LONG_MS = 300_000;

/** One etcd that grows from size to size; then lookups over mDNS. */
export async function runDiscovery(options, say) {
  const failed = {};
  const etcd = await overEtcd(options, say).catch((error) => {
    failed['discovery over etcd'] = error.message;
    return [];
  });
  say('discovery: mDNS');
  const mdns = await overMdns(options, failed).catch((error) => {
    failed['discovery over mDNS'] = error.message;
    return [];
  });
  return { slices: { etcd, mdns }, failed };
}

async function overEtcd({ sizes, rounds, changes }, say) {
  const etcd = await startEtcd();
  try {
    const measured = [];
    let filled = 0;
    for (const services of sizes) {
      say(`discovery: ${services} services in etcd`);
      await etcd.fill(pairsOf(filled, services));
      filled = services;
      const lists = await listed(etcd.address, services, rounds);
      // Whoever is held to the latency of changes has as many services as the first size.
      const followed = await follow(etcd, services === sizes[0] ? changes : 0);
      if (followed.nodes !== nodesOf(services)) throw new Error(`the directory has ${followed.nodes} nodes`);
      measured.push({ services, nodes: nodesOf(services), lists, ...followed });
    }
    return measured;
  } finally {
    await etcd.stop();
  }
}

/** Processes that start, list and end, in turn. The first round fills the caches of the file system and is not counted. */
async function listed(address, services, rounds) {
  const lists = [];
  for (let round = -1; round < rounds; round += 1) {
    const ctl = await timed('etcdctl', [`--endpoints=${address}`, 'get', '--prefix', '/micro/registry/']);
    const own = await timed(process.execPath, [script('list.mjs'), address], (text) => JSON.parse(text));
    if (own.output.services !== services || own.output.nodes !== nodesOf(services)) {
      throw new Error(`${own.output.services} services with ${own.output.nodes} nodes were listed`);
    }
    if (round >= 0) lists.push({ ctlMs: ctl.ms, askMs: own.output.askMs, wholeMs: own.ms });
  }
  return lists;
}

/** From the start of a process to its end. Without `read` what it prints is nobody's to take, as with a file that is not kept. */
async function timed(command, args, read) {
  const startedAt = performance.now();
  const env = { ...process.env, ETCDCTL_API: '3' };
  const child = spawn(command, args, { env, stdio: ['ignore', read === undefined ? 'ignore' : 'pipe', 'ignore'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  try {
    const [code, signal] = await once(child, 'close');
    if (code !== 0) throw new Error(`${command} ended with ${signal ?? code}`);
    return { ms: performance.now() - startedAt, output: read?.(output) };
  } finally {
    clearTimeout(timer);
  }
}

async function follow({ address, url }, changes) {
  const child = await startChild(script('follow.mjs'), [address, url], { timeoutMs: TIMEOUT_MS });
  try {
    const followed = await child.ask({ what: 'follow' });
    const { passes } = await child.ask({ what: 'lookUp' });
    if (changes === 0) return { ...followed, passes };
    const { commands } = await child.ask({ what: 'catalogued' });
    return { ...followed, passes, commands, ...(await child.ask({ what: 'change', count: changes }, LONG_MS)) };
  } finally {
    await child.stop();
  }
}

async function overMdns({ lookups }, failed) {
  let go;
  try {
    go = goProgram();
  } catch (error) {
    failed['go-micro over mDNS'] = error.message;
  }
  const [command, args] = alone(process.execPath, [script('mdns.mjs'), ...(go === undefined ? [] : [go])]);
  const room = await startProgram(command, args, { timeoutMs: TIMEOUT_MS });
  try {
    const { times } = await room.ask({ rounds: lookups }, LONG_MS);
    return times;
  } finally {
    await room.stop();
  }
}
