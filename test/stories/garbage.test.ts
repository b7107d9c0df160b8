import { encode } from 'dns-packet';
import { expect, it } from 'vitest';
import { openPeer } from '../discovery/mdns/peer.ts';
import { startConsoleBot } from '../support/console-bot.ts';
import { unique } from '../support/name.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';
import { botService } from '../commands/bot-service.ts';

it('a registry record that is garbage is skipped and logged once, and the bot goes on', async () => {
  const domain = unique('garbage');
  const bot = await startConsoleBot({ domain });
  await using peer = await openPeer(0);
  const name = `bad.go.micro.bot.foo.${domain}`;
  const record = encode({
    type: 'response',
    answers: [
      { type: 'SRV', name, ttl: 120, data: { port: 8080, target: 'vm' } },
      { type: 'A', name: 'vm', ttl: 120, data: '127.0.0.1' },
      { type: 'TXT', name, ttl: 120, data: ['no record at all'] },
    ],
  });
  const told = (): readonly string[] =>
    bot
      .stderr()
      .split('\n')
      .filter((line) => line.includes(name));
  await peer.send(record);
  await until(() => told().length > 0);
  for (let round = 0; round < 20; round += 1) {
    await peer.send(record);
    await peer.send(Buffer.from('no packet at all'));
  }
  // What comes later is seen, so what came before has been read.
  await serve({ domain, name: 'go.micro.bot.good', handlers: [botService().handler] });
  await until(async () => (await bot.say('good x')) === 'good x\n');
  expect(told().map((line) => (JSON.parse(line) as { readonly level: string }).level)).toEqual(['warn']);
  expect(await bot.say('foo x')).toMatch(/^unknown command "foo"/);
  expect(await bot.say('list services')).toBe('go.micro.bot\ngo.micro.bot.good\n');
});
