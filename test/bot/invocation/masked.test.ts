import { expect, it } from 'vitest';
import { shape } from '../../../src/runtime/schema.ts';
import { newServer } from '../../../src/runtime/server/micro.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { type TestBot, testBot } from '../../../src/testing/bot.ts';
import { until } from '../../support/until.ts';

const request = shape('Order', { service: 'string', token: 'string' });
const parameters = JSON.stringify({ service: {}, token: { positional: false, secret: true } });

/** With a service that says the secret it was given. */
async function house(): Promise<TestBot> {
  const bot = await testBot({
    services: [
      (network) => {
        const server = newServer({ ...network, name: 'rotor' });
        const rotate = unary(({ token = '' }: { readonly token?: string }) => ({ text: `it is ${token}` }), {
          request,
          metadata: { command: 'rotate', parameters, effect: 'read' },
        });
        server.handle({ name: 'It', methods: { Rotate: rotate } });
        return { start: () => server.start(), stop: () => server.stop() };
      },
    ],
  });
  await until(async () => (await bot.say('help')).text.includes('rotate'));
  return bot;
}

it.each([
  'rotate a --token hunter22',
  'rotate a --token `hunter22`',
  'rotate {"service":"a","token":"hunter22"}',
  'rotate {"service":"a","token":["hunter22"]}',
  'rotate a --token {"x":["hunter22"]}',
])('a secret is shown nowhere: %s', async (line) => {
  await using bot = await house();
  expect((await bot.say(line)).text).not.toContain('hunter22');
  expect(JSON.stringify(await bot.audit())).not.toContain('hunter22');
});

it.each([
  ['turn rotate $1 --token $2', 'turn a hunter22'],
  ['turn rotate {"service":"$1","token":"$2"}', 'turn a hunter22'],
  ['turn rotate a --token=$*', 'turn hunter22'],
])('an alias leaves room for a secret: %s', async (alias, line) => {
  await using bot = await house();
  expect((await bot.say(`alias ${alias}`)).outcome).toBe('done');
  expect(await bot.say(line)).toMatchObject({ outcome: 'done', text: expect.stringContaining('it is [secret]') });
  expect(JSON.stringify(await bot.audit())).not.toContain('hunter22');
});
