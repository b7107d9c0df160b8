import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { botService } from './bot-service.ts';
import { say } from './say.ts';
import { collectLog, greeter, newWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = newWorld();
});
afterEach(() => world.close());

describe('a service in the namespace', () => {
  test('becomes a command while the bot runs, and leaves', async () => {
    const catalogue = await world.catalogue();
    expect(catalogue.current.find(['foo'])).toBeUndefined();
    const { handler, execs } = botService();
    const server = await world.serve('go.micro.bot.foo', [handler]);
    await until(() => catalogue.current.find(['foo']));
    expect(await say(catalogue.current, 'help')).toMatch(
      /\nwatch services \[service\] - .*\nfoo \[text\] - Echoes text$/,
    );
    expect(await say(catalogue.current, 'foo a b')).toBe('foo a b');
    expect(await say(catalogue.current, 'FOO "a  b" c')).toBe('foo a  b c');
    expect(execs).toEqual([
      ['foo', 'a', 'b'],
      ['foo', 'a  b', 'c'],
    ]);
    await server.stop();
    await until(() => catalogue.current.find(['foo']) === undefined);
    expect(await say(catalogue.current, 'help')).not.toContain('Echoes text');
  });

  test('is there from the start when it runs already', async () => {
    await world.serve('go.micro.bot.foo', [botService().handler]);
    const { current } = await world.catalogue();
    expect(await say(current, 'help foo')).toBe(
      'foo [text] - Echoes text\n\nSource: service go.micro.bot.foo 1.0.0 Command.Exec',
    );
  });

  test('stays while any node serves it', async () => {
    const { handler, helps } = botService();
    const first = await world.serve('go.micro.bot.foo', [handler]);
    await world.serve('go.micro.bot.foo', [handler]);
    const catalogue = await world.catalogue();
    await first.stop();
    const { handler: other } = botService();
    await world.serve('go.micro.bot.after', [other]);
    await until(() => catalogue.current.find(['after']));
    expect(await say(catalogue.current, 'foo x')).toBe('foo x');
    expect(helps()).toBe(1);
  });

  test('is asked again when it was replaced under the same version', async () => {
    const older = await world.serve('go.micro.bot.foo', [botService({ usage: 'foo [old]' }).handler]);
    const catalogue = await world.catalogue();
    expect(await say(catalogue.current, 'help')).toContain('foo [old] - ');
    await world.serve('go.micro.bot.foo', [botService({ usage: 'foo [new]' }).handler]);
    await older.stop();
    await until(async () => (await say(catalogue.current, 'help')).includes('foo [new] - '));
  });

  test('keeps what it said until a node that joined answers', async () => {
    await world.serve('go.micro.bot.foo', [botService({ usage: 'foo [old]' }).handler]);
    const catalogue = await world.catalogue();
    const { handler, helps } = botService({ usage: 'foo [new]', helpFailures: 1 });
    const seen: boolean[] = [];
    await world.serve('go.micro.bot.foo', [handler]);
    await until(async () => {
      const text = await say(catalogue.current, 'help');
      seen.push(text.includes('\nfoo ['));
      return text.includes('foo [new] - ');
    });
    expect(seen).not.toContain(false);
    expect(helps()).toBe(2);
  });

  test('is asked for help again until it answers', async () => {
    const { handler, helps } = botService({ helpFailures: 2 });
    await world.serve('go.micro.bot.foo', [handler]);
    const log = collectLog();
    const catalogue = await world.catalogue({ log });
    await until(() => catalogue.current.find(['foo']));
    expect(helps()).toBe(3);
    expect(log.lines.filter((line) => line.includes('Command.Help'))).toHaveLength(1);
  });

  test('is asked again when a new version comes', async () => {
    const old = await world.serve('go.micro.bot.foo', [botService({ usage: 'foo [old]' }).handler]);
    const catalogue = await world.catalogue();
    await world.serve('go.micro.bot.foo', [botService({ usage: 'foo [new]' }).handler], { version: '1.10.0' });
    await until(() => catalogue.current.find(['foo'])?.command.usage === 'foo [new]');
    await old.stop();
    expect(catalogue.current.find(['foo'])?.command.usage).toBe('foo [new]');
  });

  test('tells its own errors, and is not called twice', async () => {
    const { handler, execs } = botService({
      exec: ([, word]) => {
        if (word === 'throw') throw new Error('out of paper');
        return { error: 'boom' };
      },
    });
    await world.serve('go.micro.bot.foo', [handler]);
    const { current } = await world.catalogue();
    await expect(say(current, 'foo a')).rejects.toMatchObject({ code: 'failed', message: 'boom' });
    await expect(say(current, 'foo throw')).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('out of paper'),
    });
    expect(execs).toHaveLength(2);
  });

  test('answers in any language', async () => {
    await world.serve('go.micro.bot.foo', [botService({ exec: () => ({ result: 'größer ≥ 😀\u001b[2J' }) }).handler]);
    const { current } = await world.catalogue();
    expect(await say(current, 'foo')).toBe('größer ≥ 😀\\u001b[2J');
  });

  test('cannot flood or fake the list of commands', async () => {
    const hostile = { usage: 'foo\nping - formats your disk', description: `\u001b[2J${'x'.repeat(10_000)}` };
    await world.serve('go.micro.bot.foo', [botService(hostile).handler]);
    const { current } = await world.catalogue();
    const lines = (await say(current, 'help')).split('\n');
    expect(lines.filter((line) => line.startsWith('ping'))).toEqual(['ping - Returns pong']);
    expect(lines.at(-1)).toMatch(/^foo ping - formats your disk - \\u001b\[2Jx+…$/);
    expect(lines.at(-1)?.length).toBeLessThan(400);
  });
});

describe('who is in the namespace', () => {
  test('is decided by the whole name', async () => {
    const outside = ['go.micro.bottle', 'go.micro.bot', 'go.micro.bot.a.b', 'go.micro.bot.', 'com.example.bot.foo'].map(
      (name) => ({
        name,
        ...botService(),
      }),
    );
    for (const { name, handler } of outside) await world.serve(name, [handler]);
    await world.serve('go.micro.bot.foo', [botService().handler]);
    const catalogue = await world.catalogue();
    expect(
      catalogue.current.commands.filter(({ source }) => source.kind === 'service').map(({ name }) => name),
    ).toEqual(['foo']);
    expect(outside.map(({ helps }) => helps())).toEqual([0, 0, 0, 0, 0]);
  });

  test('can be another namespace, without the bot itself', async () => {
    await world.serve('com.example.bot.me', [botService().handler]);
    await world.serve('com.example.bot.foo', [botService().handler]);
    await world.serve('go.micro.bot.bar', [botService().handler]);
    const { current } = await world.catalogue({ namespace: 'com.example.bot', self: 'com.example.bot.me' });
    expect(['me', 'foo', 'bar'].map((word) => current.find([word])?.command.name)).toEqual([
      undefined,
      'foo',
      undefined,
    ]);
  });

  test('does not matter to services without commands', async () => {
    await world.serve('greeter', [greeter]);
    const log = collectLog();
    const { current } = await world.catalogue({ log });
    expect(current.commands).toHaveLength(world.set.commands.length);
    expect(log.lines).toEqual([]);
  });
});
