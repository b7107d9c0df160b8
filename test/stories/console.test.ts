import { expect, it } from 'vitest';
import { unary } from '../../src/runtime/server/server.ts';
import { botService } from '../commands/bot-service.ts';
import { shape } from '../../src/runtime/schema.ts';
import { startConsoleBot } from '../support/console-bot.ts';
import { unique } from '../support/name.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';

const greeter = {
  name: 'Say',
  methods: {
    Hello: unary(({ name = '' }: { name?: string }) => ({ msg: `Hello ${name}` }), {
      request: shape('Request', { name: 'string' }),
      response: shape('Response', { msg: 'string' }),
    }),
  },
};

it('story 29: small talk', async () => {
  const bot = await startConsoleBot({ domain: unique('talk') });
  expect(await bot.say('echo hello  world')).toBe('hello  world\n');
  expect(await bot.say('echo ')).toBe('echo what?\n');
  expect(await bot.say('hello')).toBe("hey what's up?\n");
  const laws = (await bot.say('three laws')).trim().split('\n');
  expect(laws.map((line) => line.slice(0, 3))).toEqual(['1. ', '2. ', '3. ']);
  expect(await bot.say('time')).toMatch(/^Server time is: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \S+\n$/);
});

it('story 30: calls services, and says what went wrong', async () => {
  const domain = unique('calls');
  await serve({ domain, name: 'go.micro.srv.greeter', handlers: [greeter] });
  const bot = await startConsoleBot({ domain });
  expect(await bot.say('call go.micro.srv.greeter Say.Hello {"name": "John"}')).toBe('{\n\t"msg": "Hello John"\n}\n');
  expect(await bot.say('call go.micro.srv.greeter Debug.Health')).toBe('{\n\t"status": "ok"\n}\n');
  expect(await bot.say('get service nope')).toBe('error executing cmd: Service not found\n');
  expect(await bot.say('list things')).toBe(
    'unknown command...\nsupported commands: \nlist services\nlist nodes [service]\n',
  );
  expect(await bot.say('call go.micro.srv.greeter Say.Hello {"name": "John"')).toMatch(
    /^unexpected end of JSON input at line 1 column 16\n/,
  );
  expect(await bot.say('call nope A.B {}')).toMatch(
    /^error executing cmd: error calling nope\.A\.B: \{"id":"go\.micro\.client","code":500,.*not found/,
  );
  expect(await bot.say('call go.micro.srv.greeter Say.Nothing {}')).toMatch(
    /^error executing cmd: error calling go\.micro\.srv\.greeter\.Say\.Nothing: /,
  );
});

it('story 31: a service becomes a command while the bot runs, and goes when it stops', async () => {
  const domain = unique('cmd');
  const bot = await startConsoleBot({ domain });
  expect(await bot.say('help')).not.toContain('foo');
  const { handler } = botService({
    exec: (args) => (args[1] === 'bad' ? { error: 'boom' } : { result: args.slice(1).join(' ') }),
  });
  const service = await serve({ domain, name: 'go.micro.bot.foo', handlers: [handler] });
  await until(async () => (await bot.say('help')).endsWith('\nfoo [text] - Echoes text\n'));
  expect(await bot.say('foo a b')).toBe('a b\n');
  expect(await bot.say('foo bad')).toBe('error executing cmd: boom\n');
  await service.stop();
  await until(async () => !(await bot.say('help')).includes('foo [text]'));
  // Decision 5: whoever talks to the bot directly is told.
  expect(await bot.say('foo a b')).toMatch(/^unknown command "foo"/);
});

it('story 32: only services of its namespace are its commands', async () => {
  const domain = unique('space');
  const bot = await startConsoleBot({ domain, args: ['--namespace=com.example.bot'] });
  const theirs = botService({ description: 'Not for us' });
  const names = ['go.micro.bot.foo', 'com.example.bottle.foo', 'com.example.bot.two.words'];
  for (const name of names) await serve({ domain, name, handlers: [theirs.handler] });
  await serve({ domain, name: 'com.example.bot.bar', handlers: [botService().handler] });
  await until(async () => (await bot.say('bar x')) === 'bar x\n');
  // They were registered before the one that is a command now.
  expect(await bot.say('foo x')).toMatch(/^unknown command "foo"/);
  expect(await bot.say('help')).not.toContain('Not for us');
  expect(theirs.helps()).toBe(0);
});
