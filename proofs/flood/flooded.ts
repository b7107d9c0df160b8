// A bot, somebody who floods it and two others: flooded.js MILLISECONDS. Tells how they fared, and ends.
import { sleep } from '../../src/async/sleep.ts';
import { createBot } from '../../src/bot/bot.ts';
import { createJobs } from '../../src/bot/jobs/create.ts';
import type { Command } from '../../src/commands/command.ts';
import { commandSet } from '../../src/commands/set.ts';
import { text } from '../../src/document/document.ts';
import { memoryInput } from '../../src/inputs/memory/memory.ts';
import { fare, openConsole } from './others.ts';
import type { Flooded, Report } from './report.ts';

const forMs = Number(process.argv[2]);
const perSecond = 1_000;
/** As long as a service takes that is asked by somebody in a hurry: they say ten times more than can be done meanwhile. */
const workMs = 100;
process.once('disconnect', () => process.exit(1));

const command = (name: string, run: Command['run']): Command => ({
  name,
  usage: name,
  description: '',
  source: { kind: 'user' },
  effect: 'read',
  run,
});

const memory = memoryInput();
const other = openConsole();
const jobs = createJobs();
const commands = commandSet([
  ...jobs.commands,
  command('ok', async ({ args }) => text(args.after(0))),
  command('work', async ({ signal }) => {
    await sleep(workMs, signal);
    return text('worked');
  }),
]);
const stop = new AbortController();
const running = createBot({ inputs: [memory, other.input], commands: () => commands, jobs }).run(stop.signal);

function heapBytes(): number {
  for (let again = 0; again < 3; again += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** One person says so much a second, in one room after the other, while others are there. What came of it is known when the bot has gone. */
/** One person says so much a second, in one room after the other, while others are there. What came of it is known when the bot has gone. */
async function flood(name: string, rooms: readonly string[]): Promise<() => Flooded> {
  const came = { ran: 0, refused: 0, dropped: 0 };
  const flow = { sent: 0, isOver: false };
  const begun = performance.now();
  const say = (): void => {
    const room = rooms[flow.sent % rooms.length] ?? '';
    flow.sent += 1;
    void memory.say('work', { sender: `floods ${name}`, room }).then((replies) => {
      const last = replies.at(-1);
      if (last === undefined) came.dropped += 1;
      else if (last.kind === 'error') came.refused += 1;
      else came.ran += 1;
    });
  };
  const pour = async (): Promise<void> => {
    while (!flow.isOver) {
      const due = ((performance.now() - begun) / 1000) * perSecond;
      while (flow.sent < due) say();
      await sleep(1);
    }
  };
  const poured = pour();
  // As much waits as may, before anything is measured.
  await sleep(forMs / 2);
  const faring = fare(memory, other, forMs);
  const heaps: number[] = [];
  for (let third = 0; third < 3; third += 1) {
    await sleep(forMs / 3);
    heaps.push(heapBytes());
  }
  const fared = await faring;
  flow.isOver = true;
  await poured;
  const seconds = (performance.now() - begun) / 1000;
  return () => ({ ...fared, ...came, name, sent: flow.sent, perSecond: Math.round(flow.sent / seconds), heaps });
}

const lobby = ['lobby'];
const many = Array.from({ length: 50 }, (_, index) => (index === 0 ? 'lobby' : `room ${index}`));
// What is compiled at first is no wait.
await fare(memory, other, Math.min(forMs, 2_000));
const quiet = await fare(memory, other, forMs);
const floods = [await flood('in one room', lobby), await flood('over 50 rooms', many)];
stop.abort();
await running;
const report: Report = { quiet, floods: floods.map((known) => known()) };
process.send?.(report);
process.disconnect();
