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
  const clients = { 'micro-bot': await start(startChild(node, ['client', String(NODES)])) };
  if (go !== undefined) clients['go-micro 1.18'] = await start(startProgram(go, ['look', 'greeter']));
  say({ ready: true });
  const [line] = await once(createInterface({ input: process.stdin }), 'line');
  const { rounds } = JSON.parse(line);
  const times = [];
  // Programs that run: their first lookup also loads what they need.
  for (const client of Object.values(clients)) await client.ask({ round: -1 });
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, client] of Object.entries(clients)) times.push({ name, ...(await client.ask({ round })) });
  }
  say({ times });
} catch (error) {
  say({ failed: error.message });
} finally {
  for (const child of up) await child.stop();
}
process.exit(0);
