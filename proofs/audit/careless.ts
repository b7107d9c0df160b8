// A bot with all it has, in a world where everybody is careless with secrets. careless.js FOLDER AUDIT
// Its parent says what is to be said, and gets what people read.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAccess } from '../../src/access/create.ts';
import { auditCommands } from '../../src/audit/commands.ts';
import { createAliases } from '../../src/bot/alias/create.ts';
import { createApprovals } from '../../src/bot/approval/create.ts';
import { createBot } from '../../src/bot/bot.ts';
import { createJobs } from '../../src/bot/jobs/create.ts';
import { builtins } from '../../src/commands/builtins.ts';
import { createCatalogue } from '../../src/commands/catalogue.ts';
import type { Command } from '../../src/commands/command.ts';
import { readConfig } from '../../src/config/config.ts';
import { createDirectory } from '../../src/discovery/directory/follow.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { memoryInput } from '../../src/inputs/memory/memory.ts';
import { createLog } from '../../src/log/pino.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { memoryTransport } from '../../src/runtime/transport/memory.ts';
import { fileState } from '../../src/state/files.ts';
import { openKept } from './keeping.ts';
import type { Said, Wish } from './scene.ts';
import { vault } from './vault.ts';

const [, , folder = '', place = ''] = process.argv;
process.once('disconnect', () => process.exit(1));
const file = join(folder, 'access.yaml');
writeFileSync(
  file,
  `people: { ann: ["memory:ann"], ben: ["memory:ben"] }
roles: { keeper: [ann, ben] }
defaults: { read: allow, change: allow }
`,
);

const config = readConfig(new Map(), process.env);
const log = await createLog({ ...config.log, level: 'debug', format: 'json' });
const registry = memoryRegistry();
const transport = memoryTransport();
// What a service writes into a log of its own is its own business.
const service = newServer({ name: 'vault', registry, transport });
service.handle(vault);
await service.start();
const client = newClient({ registry, transport, log });
const state = await fileState({ directory: join(folder, 'state'), log });
const audit = await openKept({ place, keep: undefined }, log);
const access = await createAccess({ file, state, audit, log });
const approvals = await createApprovals({ state, access, audit, log });
const jobs = createJobs({ firstId: audit.lastId + 1, mayAdmin: () => true, log });
const directory = createDirectory(registry, { log });

/** Somebody's own command, which says a secret of the environment in its answer's stead. */
const own: Command = {
  name: 'own',
  usage: 'own SECRET',
  description: 'Fails with what it knows',
  source: { kind: 'user' },
  effect: 'read',
  plan: ({ args }) => ({ parameters: new Map(), secrets: args.words }),
  run: async ({ args }) => {
    throw new Error(`no ${args.after(0)}, with ${process.env['MICRO_SLACK_TOKEN']}`, {
      cause: new Error(args.after(0)),
    });
  },
};
const aliases = await createAliases({ state, commands: () => catalogue.current, log });
const extra = [
  own,
  ...jobs.commands,
  ...approvals.commands,
  ...aliases.commands,
  ...auditCommands({ audit, mayRead: () => true }),
];
const catalogue = createCatalogue({
  directory,
  client,
  self: 'micro.bot',
  builtins: (commands) => [...builtins({ registry, client, directory, commands }), ...extra],
  log,
});
await catalogue.ready;
const input = memoryInput();
const bot = createBot({
  inputs: [input],
  commands: () => catalogue.current,
  access,
  approvals,
  audit,
  jobs,
  aliases,
  rewrite: (said, caller) => jobs.rerunLine(said, caller),
  log,
});
process.on('message', ({ who, line }: Wish) => {
  const some = { sender: who, room: 'ops', direct: true };
  void input.say(line, some).then((replies) => {
    const said: Said = { line, replies: replies.map(({ document }) => document), unasked: input.unasked };
    process.send?.(said);
  });
});
process.send?.('ready');
await bot.run(new AbortController().signal);
