// One side of one contestant: worker.mjs server NAME, or worker.mjs client NAME WHAT-THE-SERVER-SAID
import { serve } from '../lib/serve.mjs';
import { slice } from './load.mjs';

const [role, name, place] = process.argv.slice(2);
const contestant = await import(new URL(`contestants/${name}.mjs`, import.meta.url).href);
let call;

const usage = () => {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, residentMb: process.memoryUsage.rss() / 1e6 };
};

async function connect() {
  call = await contestant.client(JSON.parse(place), { maxConcurrency: 64 });
  await slice(call, { concurrency: 1, durationMs: 1 });
  return true;
}

await serve(role === 'server' ? contestant.server : connect, async (question) =>
  question.usage === true ? usage() : { ...(await slice(call, question)), ...question },
);
