// One side of one contestant: worker.mjs server NAME, or worker.mjs client NAME WHAT-THE-SERVER-SAID
import { serve } from '../lib/serve.mjs';
import { readAll } from './load.mjs';

const [role, name, place] = process.argv.slice(2);
const contestant = await import(new URL(`contestants/${name}.mjs`, import.meta.url).href);
let open;

async function connect() {
  open = await contestant.client(JSON.parse(place));
  return true;
}

await serve(role === 'server' ? contestant.server : connect, (question) => readAll(open, question));
