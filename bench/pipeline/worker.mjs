// One way to run commands: worker.mjs NAME. Many people at once, each says the next line when the one before was answered.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '../lib/product.mjs';
import { serve } from '../lib/serve.mjs';

const PEOPLE = 64;
const RULES = 200;
const parts = {
  whole: { access: true, audit: true },
  'without audit': { access: true, audit: false },
  'without access': { access: false, audit: true },
  'without both': { access: false, audit: false },
}[process.argv[2]];

const { createBot } = await load('bot/bot.js');
const { commandSet } = await load('commands/set.js');
const { text } = await load('document/document.js');
const { renderTerminal } = await load('document/terminal.js');
const { memoryInput } = await load('inputs/memory/memory.js');
const { createAccess } = await load('access/create.js');
const { memoryState } = await load('state/memory.js');
const { openAuditFile } = await load('audit/file.js');
const { silent } = await load('log/log.js');

const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Changes something, so that nobody may run it without a rule; its first two words are parameters that rules may speak of. */
const deploy = {
  name: 'deploy',
  usage: 'deploy [service] [env]',
  description: 'Deploys a service',
  source: { kind: 'user' },
  effect: 'change',
  plan: ({ args }) => ({
    parameters: new Map([
      ['service', [args.word(0)]],
      ['env', [args.word(1)]],
    ]),
    secrets: [],
  }),
  run: async ({ args }) => text(`deployed ${args.word(0)} to ${args.word(1)}`),
};

function policy() {
  const people = Array.from({ length: PEOPLE }, (_, i) => `  person${i}: ["memory:U${i}"]`);
  const names = Array.from({ length: PEOPLE }, (_, i) => `person${i}`).join(', ');
  const rules = Array.from({ length: RULES - 1 }, (_, i) => `  - { command: other${i}, roles: [release] }`);
  const own = `  - { command: deploy, with: { env: staging }, roles: [release], rooms: [${Array.from({ length: 16 }, (_, i) => `"memory:ops${i}"`).join(', ')}] }`;
  return [
    'people:',
    ...people,
    `groups: { ops: [${names}] }`,
    'roles: { release: [ops] }',
    'rules:',
    own,
    ...rules,
  ].join('\n');
}

let input;

async function start() {
  const file = join(folder, 'access.yaml');
  writeFileSync(file, policy());
  const access = parts.access ? await createAccess({ file, state: memoryState(), log: silent }) : undefined;
  const audit = parts.audit ? await openAuditFile({ path: join(folder, 'audit.ndjson') }) : undefined;
  const set = commandSet([deploy]);
  input = memoryInput();
  const bot = createBot({
    inputs: [input],
    commands: () => set,
    ...(access === undefined ? {} : { access }),
    ...(audit === undefined ? {} : { audit }),
  });
  void bot.run(new AbortController().signal);
}

async function slice({ durationMs }) {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  let count = 0;
  await Promise.all(
    Array.from({ length: PEOPLE }, async (_, person) => {
      const about = { sender: `U${person}`, room: `ops${person % 16}`, direct: false };
      do {
        const replies = await input.say(`micro deploy billing${count % 100} staging`, about);
        const shown = renderTerminal(replies.at(-1).document);
        if (!shown.startsWith('deployed billing')) throw new Error(`wrong answer ${JSON.stringify(shown)}`);
        count++;
      } while (performance.now() < startedAt + durationMs);
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuUs: (user + system) / count, residentMb: process.memoryUsage.rss() / 1e6 };
}

await serve(start, slice);
