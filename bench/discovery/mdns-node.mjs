// One node that answers for itself over mDNS, or somebody who looks it up: mdns-node.mjs (server ID | client NODES)
import { load } from '../lib/product.mjs';
import { serve } from '../lib/serve.mjs';

const [role, which] = process.argv.slice(2);
const { mdnsRegistry } = await load('discovery/mdns/mdns.js');
const onLoopback = () => mdnsRegistry({ interface: '127.0.0.1' });

let own;

/** `isNew`: by a registry that has not heard of anybody yet, as in a program that has just started. */
async function lookUp({ isNew }) {
  own ??= onLoopback();
  const registry = isNew ? onLoopback() : own;
  const startedAt = performance.now();
  const records = await registry.getService('greeter');
  const ms = performance.now() - startedAt;
  if (isNew) await registry.close();
  const nodes = records.reduce((sum, record) => sum + record.nodes.length, 0);
  if (nodes !== Number(which)) throw new Error(`found ${nodes} nodes of ${which}`);
  return { ms };
}

async function announce() {
  const port = 10_000 + Number(which);
  const metadata = { broker: 'http', protocol: 'mucp', registry: 'mdns', server: 'mucp', transport: 'http' };
  const node = { id: `greeter-${which}`, address: `127.0.0.1:${port}`, metadata };
  await onLoopback().register({ name: 'greeter', version: '1.0.0', metadata: {}, endpoints: [], nodes: [node] });
}

await serve(async () => (role === 'server' ? announce() : true), lookUp);
