// Ours without input and queue, for information: what the router alone takes of the above.
import { load } from '../../lib/product.mjs';
import { commandsFor } from './commands.mjs';

const { createJobs } = await load('bot/jobs/create.js');
const { createRouter } = await load('bot/router.js');
const { silent } = await load('log/log.js');

const sender = { id: 'somebody', name: 'somebody' };
const room = { id: 'lobby', name: 'lobby' };

export async function setUp(words) {
  const set = commandsFor(words);
  const router = createRouter({
    name: 'micro',
    commands: () => set,
    timeoutMs: 30_000,
    jobs: createJobs(),
    log: silent,
  });
  const receive = async (line) => {
    let last;
    const message = {
      id: '1',
      text: line,
      sender,
      room,
      direct: false,
      addressed: false,
      reply: async (document) => {
        last = document.text;
      },
    };
    const said = router.admit(message);
    if (said !== undefined) await new Promise((done) => router.answer('bench', message, said, done));
    return last;
  };
  return { receive, line: (word) => `micro ${word} hello` };
}
