// What runs in a network of its own: three nodes, and who looks them up. Says { ready }, and answers one line with all times: mdns.mjs [GO]
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startChild } from '../lib/child.mjs';
import { startProgram } from '../lib/program.mjs';

const NODES = 3;
const node = fileURLToPath(new URL('mdns-node.mjs', import.meta.url));
const [, , go] = process.argv;
const up = [];
const start = async (starting) => {
  const child = await starting;
  up.push(child);
  return child;
};
const say = (value) => console.log(JSON.stringify(value));

try {
  for (let id = 1; id <= NODES; id += 1) await start(startChild(node, ['server', String(id)]));
  const own = await start(startChild(node, ['client', String(NODES)]));
  const lookups = {
    'micro-bot': () => own.ask({ isNew: false }),
    'micro-bot, its first': () => own.ask({ isNew: true }),
  };
  if (go !== undefined) {
    const other = await start(startProgram(go, ['look', 'greeter']));
    lookups['go-micro 1.18'] = () => other.ask({});
  }
  say({ ready: true });
  const [line] = await once(createInterface({ input: process.stdin }), 'line');
  const { rounds } = JSON.parse(line);
  const times = [];
  // Programs that run: their first lookup also loads what they need.
  for (const lookUp of Object.values(lookups)) await lookUp();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, lookUp] of Object.entries(lookups)) times.push({ name, ...(await lookUp()) });
  }
  say({ times });
} catch (error) {
  say({ failed: error.message });
} finally {
  for (const child of up) await child.stop();
}
process.exit(0);
