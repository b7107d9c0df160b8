import { expect, it } from 'vitest';
import type { Command } from '../../../src/commands/command.ts';
import { noPlan } from '../../../src/commands/plan.ts';
import { shape } from '../../../src/runtime/schema.ts';
import { newServer } from '../../../src/runtime/server/micro.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { type TestBot, testBot } from '../../../src/testing/bot.ts';
import { command } from '../../support/bot.ts';
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

/** As keys are: no part of it is like another. */
const keyOf = (length: number): string =>
  Array.from({ length }, (_, at) => String.fromCharCode(97 + ((at * at + (at >> 5)) % 26))).join('');

// Of 20,000 characters in a dozen forms no pattern can be made, and the error that says so has the secret in it.
it.each([2_000, 20_000])('a secret of %i characters is shown nowhere', async (length) => {
  const key = keyOf(length);
  await using bot = await house();
  expect(await bot.say(`rotate a --token ${key}`)).toMatchObject({ outcome: 'done', text: 'it is [secret]' });
  const recorded = JSON.stringify(await bot.audit());
  expect(recorded).toContain('[secret]');
  expect(recorded).not.toContain(key.slice(0, 40));
});

it('thousands of secrets are shown nowhere, and each alone neither', async () => {
  const keys = Array.from({ length: 3_000 }, (_, at) => `key-${keyOf(4)}${at}.`);
  await using bot = await house();
  const { text } = await bot.say(`rotate a --token '${JSON.stringify({ keys })}'`);
  expect(text).toContain('[secret]');
  expect(JSON.stringify([text, await bot.audit()])).not.toContain('key-');
});

it('a secret that is torn is covered with all that stands in it', async () => {
  const tear: Command = {
    ...command('tear', ({ args }) => `so: ${args.after(0).split('').join(' ')}!`),
    plan: ({ args }) => ({ ...noPlan, secrets: [args.after(0)] }),
  };
  await using bot = await testBot({ commands: [tear] });
  expect((await bot.say(`tear ${keyOf(5_000)}`)).text).toBe('so: [secret]!');
});

// Each of these was looked at again from each of its places: 900,000 of them would take hours.
it.each([
  ['token\\":\\"', '\\'.repeat(900_000), '[secret]'],
  [`token=${'\\'.repeat(300_000)}"`, '\\'.repeat(600_000), '[secret]'],
])('what looks as if a secret began there is looked through once: %s', async (start, rest, end) => {
  const burst = command('burst', (): string => {
    throw new Error(start + rest);
  });
  await using bot = await testBot({ commands: [burst] });
  expect((await bot.say('burst')).text.endsWith(end)).toBe(true);
});

it('a secret that is given to a filter is shown nowhere', async () => {
  const sign: Command = {
    ...command('sign', () => ''),
    filter: (document, { args }) => ({ kind: 'text', text: `${JSON.stringify(document)} ${args.after(0)}` }),
    plan: ({ args }) => ({ ...noPlan, secrets: [args.after(0)] }),
  };
  await using bot = await testBot({ commands: [sign, command('hello', () => 'it is hunter22')] });
  const { text } = await bot.say('hello | sign hunter22');
  expect(text).toContain('it is [secret]');
  expect(JSON.stringify([text, await bot.audit(), await bot.say('history')])).not.toContain('hunter22');
});
