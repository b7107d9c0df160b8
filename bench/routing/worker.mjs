// One contestant with one number of commands: worker.mjs NAME COMMANDS SLICE-MS
import { serve } from '../lib/serve.mjs';
import { walk } from './walk.mjs';

const [name, size, sliceMs] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const AT_LEAST = 5;
let bot;
let setUpMs;

async function messagesPerSecond(durationMs, message) {
  const startedAt = performance.now();
  let count = 0;
  do {
    await message();
    count++;
  } while (performance.now() < startedAt + durationMs || count < AT_LEAST);
  return (count / (performance.now() - startedAt)) * 1_000;
}

async function start() {
  const { setUp } = await import(new URL(`contestants/${name}.mjs`, import.meta.url).href);
  const startedAt = performance.now();
  bot = await setUp(words);
  setUpMs = performance.now() - startedAt;
}

const words = Array.from({ length: size }, (_, i) => `cmd${String(i).padStart(5, '0')}`);
const next = walk(size);

async function hit() {
  const word = words[next()];
  const reply = await bot.receive(bot.line(word));
  if (reply !== `${word} got hello`) throw new Error(`wrong answer ${JSON.stringify(reply)} to ${word}`);
}

async function miss() {
  const reply = await bot.receive(bot.line('nosuchcommand'));
  if (reply?.includes(' got ')) throw new Error(`wrong answer ${JSON.stringify(reply)} to an unknown word`);
}

await serve(start, async () => {
  await messagesPerSecond(sliceMs * 0.8, hit);
  const hits = await messagesPerSecond(sliceMs, hit);
  await messagesPerSecond(sliceMs * 0.2, miss);
  const misses = await messagesPerSecond(sliceMs * 0.5, miss);
  return { hits, misses, setUpMs, residentMb: process.memoryUsage.rss() / 1e6 };
});
