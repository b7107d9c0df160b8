import type { Starter } from './servers.ts';
import { startBot } from './bot.ts';
import { type Row, usualMs } from './fault.ts';

const wrongs = [
  ['certificate for another domain', 'elsewhere', 'is not for the domain'],
  ['certificate of a stranger', 'stranger', 'authority'],
  ['certificate expired', 'expired', 'has expired'],
] as const;

/** Servers whose certificates are not to be trusted: the bot has to say why, and to give up. */
export async function certificates(start: Starter): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, certificate, sentence] of wrongs) {
    const server = await start({ certificate });
    const bot = await startBot(server, { user: await server.addUser('bot') });
    try {
      const since = performance.now();
      const said = await bot.running.then(
        () => 'it ended without a word',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      const wrong = said.includes(sentence) ? [] : [`refused with "${said}"`];
      rows.push({ name, ms: performance.now() - since, withinMs: usualMs, state: 'refused with a sentence', wrong });
    } finally {
      await bot.stop();
      await server.close();
    }
  }
  return rows;
}
