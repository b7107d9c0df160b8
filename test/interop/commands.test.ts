import { describe, expect, it, onTestFinished } from 'vitest';
import { createBot } from '../../src/bot/bot.ts';
import { builtins } from '../../src/commands/builtins.ts';
import { createCatalogue } from '../../src/commands/catalogue.ts';
import { createDirectory } from '../../src/discovery/directory/follow.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { memoryInput } from '../../src/inputs/memory/memory.ts';
import { mandatory, serveGo } from '../support/go.ts';
import { unique } from '../support/name.ts';
import { withGo } from '../support/namespace.ts';
import { until } from '../support/until.ts';
import { ourClient, ourRegistry } from './house.ts';

/** Says something to a bot and returns its answers, one text each. */
type Say = (text: string) => Promise<readonly string[]>;

/** A bot of ours that follows the registry, until the test ends. */
async function startBot(): Promise<Say> {
  const registry = ourRegistry();
  const client = ourClient(registry);
  const directory = createDirectory(registry);
  const catalogue = createCatalogue({
    directory,
    client,
    builtins: (commands) => builtins({ registry, client, directory, commands }),
  });
  const input = memoryInput();
  const bot = createBot({ inputs: [input], commands: () => catalogue.current });
  const running = bot.run(new AbortController().signal);
  onTestFinished(async () => {
    input.end();
    await running;
    await catalogue.close();
    await directory.close();
  });
  await catalogue.ready;
  return async (text) => (await input.say(text)).map(({ document }) => renderTerminal(document));
}

/** Longer than a directory goes without listing everything again: a goodbye that was overtaken by an answer is found out then. */
const forgetMs = 45_000;

const forgotten = (say: Say, word: string): Promise<unknown> =>
  until(async () => (await say(word)).join().includes('unknown command'), forgetMs);

withGo('our bot', () => {
  // v6 has no bot.
  describe.each(mandatory)('and a command served by %s', { timeout: 3 * forgetMs }, (release) => {
    it('takes it up, runs it, shows its errors, and forgets it when it stops', async () => {
      const say = await startBot();
      const word = unique('animate');
      expect((await say(word)).join()).toContain('unknown command');

      const command = await serveGo(release, 'command', `go.micro.bot.${word}`);
      const help = await until(async () => {
        const [text = ''] = await say('help');
        return text.includes(word) ? text : undefined;
      });
      expect(help).toContain(`${word} [words]`);
      expect(help).toContain('Joins words in Go');

      expect(await say(`${word} a 'b c' é`)).toEqual([`${word} a b c é`]);
      expect(await say(`${word} boom`)).toEqual(['error executing cmd: it went boom']);
      await command.stop();
      await forgotten(say, word);
      expect((await say('help')).join()).not.toContain(word);
    });

    it('tells a refusal as the service put it', async () => {
      const say = await startBot();
      const word = unique('animate');
      await serveGo(release, 'command', `go.micro.bot.${word}`);
      await until(async () => (await say(`${word} x`))[0] === `${word} x`);
      expect(await say(`${word} refuse`)).toEqual(['error executing cmd: refused by Go']);
    });

    it('forgets it when it dies', async () => {
      const say = await startBot();
      const word = unique('animate');
      const command = await serveGo(release, 'command', `go.micro.bot.${word}`);
      await until(async () => (await say(`${word} x`))[0] === `${word} x`);
      await command.kill();
      await forgotten(say, word);
    });

    it('keeps it as long as one node serves it', async () => {
      const say = await startBot();
      const word = unique('animate');
      const [one, other] = [
        await serveGo(release, 'command', `go.micro.bot.${word}`),
        await serveGo(release, 'command', `go.micro.bot.${word}`),
      ];
      await until(async () => (await say(`get service go.micro.bot.${word}`)).join().includes(other.node));
      await until(async () => (await say(`${word} x`))[0] === `${word} x`);
      await one.stop();
      await until(async () => !(await say(`get service go.micro.bot.${word}`)).join().includes(one.node), forgetMs);
      expect(await say(`${word} x`)).toEqual([`${word} x`]);
      await other.stop();
      await forgotten(say, word);
    });
  });

  it('has commands of both releases side by side', async () => {
    const say = await startBot();
    const words = mandatory.map(() => unique('word'));
    await Promise.all(
      mandatory.map((release, index) => serveGo(release, 'command', `go.micro.bot.${words[index] ?? ''}`)),
    );
    for (const word of words) await until(async () => (await say(`${word} x`))[0] === `${word} x`);
  });
});
