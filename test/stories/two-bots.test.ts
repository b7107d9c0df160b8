import { expect, it } from 'vitest';
import { createBot } from '../../src/bot/bot.ts';
import { builtins } from '../../src/commands/builtins.ts';
import { type Catalogue, createCatalogue } from '../../src/commands/catalogue.ts';
import { createDirectory } from '../../src/discovery/directory/follow.ts';
import { mdnsRegistry } from '../../src/discovery/mdns/mdns.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { memoryInput } from '../../src/inputs/memory/memory.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { botService } from '../commands/bot-service.ts';
import { command } from '../support/bot.ts';
import { unique } from '../support/name.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';

interface Embedded extends AsyncDisposable {
  readonly catalogue: Catalogue;
  readonly say: (typed: string) => Promise<string>;
}

/** A bot as another program embeds it, with a registry, a client and a catalogue of its own. */
async function embeddedBot(name: string, domain: string, namespace: string): Promise<Embedded> {
  const registry = mdnsRegistry({ interface: '127.0.0.1', domain });
  const directory = createDirectory(registry);
  const client = newClient({ name, lookup: (service) => directory.lookup(service), transport: httpTransport() });
  const catalogue = createCatalogue({
    directory,
    client,
    namespace,
    builtins: (commands) => builtins({ registry, client, directory, commands }),
  });
  const input = memoryInput(name);
  const stop = new AbortController();
  const ended = createBot({ name, inputs: [input], commands: () => catalogue.current }).run(stop.signal);
  await catalogue.ready;
  return {
    catalogue,
    say: async (typed) => (await input.say(typed)).map(({ document }) => renderTerminal(document)).join('\n'),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
      await catalogue.close();
      await client.close();
      await directory.close();
      await registry.close();
    },
  };
}

it('two bots in one process have their own commands, and one goes on when the other ends', async () => {
  const domain = unique('two');
  await serve({ domain, name: 'com.one.bot.foo', handlers: [botService().handler] });
  await serve({ domain, name: 'com.two.bot.bar', handlers: [botService().handler] });
  await using one = await embeddedBot('one', domain, 'com.one.bot');
  {
    await using two = await embeddedBot('two', domain, 'com.two.bot');
    await until(async () => (await one.say('foo x')) === 'foo x' && (await two.say('bar x')) === 'bar x');
    expect(await one.say('bar x')).toMatch(/^unknown command "bar"/);
    expect(await two.say('foo x')).toMatch(/^unknown command "foo"/);
    two.catalogue.register(command('own', () => 'of two'));
    expect(await two.say('own')).toBe('of two');
    expect(await one.say('own')).toMatch(/^unknown command "own"/);
    expect(await Promise.all([one.say('list services'), two.say('list services')])).toEqual(
      Array.from({ length: 2 }, () => 'com.one.bot.foo\ncom.two.bot.bar'),
    );
  }
  await serve({ domain, name: 'com.one.bot.late', handlers: [botService().handler] });
  await until(async () => (await one.say('late x')) === 'late x');
  expect(await one.say('foo again')).toBe('foo again');
});

it('story 35: a command of the program wins over a service, is in the help, and keeps its name', async () => {
  const domain = unique('own');
  await serve({ domain, name: 'go.micro.bot.deploy', handlers: [botService().handler] });
  await using bot = await embeddedBot('micro', domain, 'go.micro.bot');
  await until(async () => (await bot.say('deploy x')) === 'deploy x');
  bot.catalogue.register(command('deploy', () => 'mine'));
  expect(await bot.say('deploy x')).toBe('mine');
  const help = (await bot.say('help')).split('\n');
  expect(help.filter((line) => line.startsWith('deploy'))).toEqual(['deploy [text] - Does deploy']);
  for (const name of ['ping', 'deploy']) {
    expect(() => bot.catalogue.register(command(name, () => 'other'))).toThrow('already registered');
  }
  expect(await bot.say('ping')).toBe('pong');
});
