// One contestant with one number of commands: worker.mjs NAME COMMANDS
import { serve } from '../lib/serve.mjs';
import { walk } from './walk.mjs';

const [name, size] = [process.argv[2], Number(process.argv[3])];
const AT_LEAST = 5;
const words = Array.from({ length: size }, (_, i) => `cmd${String(i).padStart(5, '0')}`);
const next = walk(size);
let bot;

async function start() {
  const { setUp } = await import(new URL(`contestants/${name}.mjs`, import.meta.url).href);
  const startedAt = performance.now();
  bot = await setUp(words);
  return { setUpMs: performance.now() - startedAt };
}

async function hit() {
  const word = words[next()];
  const reply = await bot.receive(bot.line(word));
  if (reply !== `${word} got hello`) throw new Error(`wrong answer ${JSON.stringify(reply)} to ${word}`);
}

async function miss() {
  const reply = await bot.receive(bot.line('nosuchcommand'));
  if (reply?.includes(' got ')) throw new Error(`wrong answer ${JSON.stringify(reply)} to an unknown word`);
}

/** One message after the other, each when the one before was answered. */
async function slice({ known, durationMs }) {
  const message = known ? hit : miss;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  let count = 0;
  do {
    await message();
    count++;
  } while (performance.now() < startedAt + durationMs || count < AT_LEAST);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: count / seconds,
    cpuUs: (user + system) / count,
    memory: { residentMb: process.memoryUsage.rss() / 1e6 },
  };
}

await serve(start, slice);
