// One side of one row: worker.mjs server ROW, or worker.mjs client ROW WHAT-THE-SERVER-SAID
import { serve as answer } from '../lib/serve.mjs';
import { slice } from '../rpc/load.mjs';
import { connect, serve } from './product.mjs';

const [role, text, place] = process.argv.slice(2);
const row = JSON.parse(text);
let call;

async function start() {
  call = await connect(row, JSON.parse(place));
  await slice(call, { concurrency: 1, durationMs: 1 });
  return true;
}

await answer(role === 'server' ? () => serve(row) : start, (question) => slice(call, question));
