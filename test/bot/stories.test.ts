import { afterEach, describe, expect, it } from 'vitest';
import { createBot } from '../../src/bot/bot.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { memoryInput, type SayOptions } from '../../src/inputs/memory/memory.ts';
import { botService } from '../commands/bot-service.ts';
import { greeter, newWorld, type World } from '../commands/world.ts';
import { until } from '../support/until.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

interface Chat {
  readonly world: World;
  readonly say: (typed: string, options?: SayOptions) => Promise<string>;
}

/** A bot with the real commands, catalogue and services. */
async function chat(namespace?: string): Promise<Chat> {
  const world = newWorld();
  await world.serve('go.micro.srv.greeter', [greeter]);
  const catalogue = await world.catalogue(namespace === undefined ? {} : { namespace });
  const input = memoryInput();
  const stop = new AbortController();
  const ended = createBot({ inputs: [input], commands: () => catalogue.current }).run(stop.signal);
  ends.push(async () => {
    stop.abort();
    await ended;
    await world.close();
  });
  const say = async (typed: string, options?: SayOptions): Promise<string> =>
    (await input.say(typed, options)).map(({ document }) => renderTerminal(document)).join('\n---\n');
  return { world, say };
}

describe('the acceptance stories, in a chat', () => {
  it('story 27: help lists the commands, sorted', async () => {
    const { say } = await chat();
    const help = await say('help');
    for (const line of [
      'ping - Returns pong',
      'publish [topic] [event] - Publishes an event to whoever subscribed to its topic',
      'list services - Returns a list of registered services',
      'get service [name] - Returns a registered service',
      'health [service] - Returns health of a service',
      'the three laws - Returns the three laws of robotics',
      'time - Returns the server time',
    ]) {
      expect(help.split('\n')).toContain(line);
    }
    const lines = help.trim().split('\n');
    expect(lines).toEqual(lines.toSorted());
  });

  it('story 28: in a channel it answers who calls it', async () => {
    const { say } = await chat();
    const channel = { direct: false, room: 'C1', sender: 'asim' };
    expect(await say('micro ping', channel)).toBe('pong');
    expect(await say('ping', { ...channel, addressed: true })).toBe('pong');
    expect(await say('ping', channel)).toBe('');
    expect(await say('microscope ping', channel)).toBe('');
  });

  it('story 29: small talk', async () => {
    const { say } = await chat();
    expect(await say('echo hello  world')).toBe('hello  world');
    expect(await say('echo ')).toBe('echo what?');
    expect(await say('hello')).toBe("hey what's up?");
    expect((await say('three laws')).trim().split('\n')).toHaveLength(3);
    expect(await say('time')).toMatch(/^Server time is: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \S+$/);
  });

  it('story 30: calls services, and says what went wrong', async () => {
    const { say } = await chat();
    expect(await say('call go.micro.srv.greeter Say.Hello {"name": "John"}')).toBe('{\n\t"msg": "Hello John"\n}');
    expect(await say('call go.micro.srv.greeter Say.Hello {“name”: “John”}')).toBe('{\n\t"msg": "Hello John"\n}');
    expect(await say('call --output raw go.micro.srv.greeter Say.Hello {"name":"John"}')).toBe(
      '{"msg":"Hello John"}\n',
    );
    expect(await say('call go.micro.srv.greeter Debug.Health')).toBe('{\n\t"status": "ok"\n}');
    expect(await say('get service nope')).toBe('error executing cmd: Service not found');
    expect(await say('list things')).toBe(
      'unknown command...\nsupported commands: \nlist services\nlist nodes [service]',
    );
    expect(await say('list')).toBe('list what?');
  });

  it('story 31: a service becomes a command while the bot runs, and goes with its last node', async () => {
    const { say, world } = await chat();
    const echoing = botService({
      exec: (args) => (args[1] === 'bad' ? { error: 'boom' } : { result: args.slice(1).join(' ') }),
    });
    const service = await world.serve('go.micro.bot.foo', [echoing.handler]);
    await until(async () => (await say('help')).endsWith('foo [text] - Echoes text'));
    expect(await say('foo a  b')).toBe('a b');
    expect(await say('foo bad')).toBe('error executing cmd: boom');
    expect(await say('/foo a', { direct: false })).toBe('a');
    await service.stop();
    await until(async () => !(await say('help')).includes('foo [text]'));
    expect(await say('foo a b', { direct: false })).toBe('');
    expect(await say('foo a b')).toMatch(/^unknown command "foo"/);
  });

  it('story 32: only services of its namespace are its commands', async () => {
    const { say, world } = await chat('com.example.bot');
    await world.serve('go.micro.bot.foo', [botService().handler]);
    await world.serve('com.example.bot.bar', [botService().handler]);
    await until(async () => (await say('bar x')) === 'bar x');
    expect(await say('foo x')).toMatch(/^unknown command "foo"/);
  });
});
