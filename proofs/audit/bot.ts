// A bot that many people talk to at once, until it is killed. bot.js AUDIT LEDGER SECRET [KEEP]
// It opens its audit, says so, waits for a word, and writes down each command that it begins before it does anything: that stays when it is
// killed.
import { openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { createBot } from '../../src/bot/bot.ts';
import { createJobs } from '../../src/bot/jobs/create.ts';
import type { Command } from '../../src/commands/command.ts';
import { commandSet } from '../../src/commands/set.ts';
import { text } from '../../src/document/document.ts';
import { memoryInput } from '../../src/inputs/memory/memory.ts';
import { openKept } from './keeping.ts';

const people = 40;

const [, , place = '', file = '', secret = '', keep] = process.argv;
const ledger = openSync(file, 'a');
// It leaves with the program that started it, however that one ends.
process.once('disconnect', () => process.exit(1));

const audit = await openKept({ place, keep: keep === undefined ? undefined : Number(keep) });
process.send?.('open');
await new Promise((resolve) => process.once('message', resolve));

const work: Command = {
  name: 'work',
  usage: 'work MS SECRET',
  description: 'Works for some milliseconds, and fails with a secret now and then',
  source: { kind: 'user' },
  effect: 'change',
  plan: ({ args }) => ({ parameters: new Map(), secrets: [args.word(1) ?? ''] }),
  run: async ({ id, args }) => {
    // The id of a job, as it stands in the audit, is behind that of the bot.
    writeSync(ledger, `${id.slice(id.lastIndexOf('-') + 1)}\n`);
    const ms = Number(args.word(0));
    await wait(ms);
    if (ms === 13) throw new Error(`no ${args.word(1)}`);
    return text('done');
  },
};
const set = commandSet([work]);
const input = memoryInput();
const jobs = createJobs({ firstId: audit.lastId + 1 });
const bot = createBot({ inputs: [input], commands: () => set, audit, jobs });
const person = async (index: number): Promise<void> => {
  for (;;) {
    const some = { sender: `person-${index}`, room: `room-${index}`, direct: true };
    await input.say(`work ${Math.floor(Math.random() * 20)} ${secret}`, some);
    await wait(1);
  }
};
for (let index = 0; index < people; index += 1) void person(index);
await bot.run(new AbortController().signal);
