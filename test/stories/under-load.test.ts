import { expect, it } from 'vitest';
import { unary } from '../../src/runtime/server/server.ts';
import { startConsoleBot } from '../support/console-bot.ts';
import { loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';

it('SIGTERM under load: what runs is answered, nothing new is taken, the registry is clean, the code is 0', async () => {
  const domain = unique('load');
  let served = 0;
  const count = unary(async () => {
    served += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return { number: served };
  });
  await serve({ domain, name: 'counter', handlers: [{ name: 'Counter', methods: { Next: count } }] });
  const bot = await startConsoleBot({ domain });
  const lines = 20_000;
  bot.type('call --output raw counter Counter.Next\n'.repeat(lines));
  await until(() => served >= 200);
  bot.process.kill('SIGTERM');
  // Its keyboard stays open: it is the signal that ends it.
  const { code, signal, stdout } = await bot.finished;
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  const said = stdout.split('\n').filter((line) => line !== '');
  // The one whose turn it was, and that had not begun, is told.
  const answers = said.at(-1) === 'stopped: the bot is shutting down' ? said.slice(0, -1) : said;
  expect(answers).toEqual(Array.from({ length: served }, (_, index) => `{"number":${index + 1}}`));
  expect(served).toBeLessThan(lines);
  expect((await micro(['list', 'services'], loopback(domain))).stdout).toBe('counter\n');
});
