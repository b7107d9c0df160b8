import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { CommandError } from '../../src/commands/command.ts';
import { type Document, text } from '../../src/document/document.ts';
import { memoryTransport } from '../../src/runtime/transport/memory.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { testBot } from '../../src/testing/bot.ts';
import { command } from '../support/bot.ts';

const climb: Command = {
  ...command('climb', () => ''),
  async *run({ args }): AsyncIterable<Document> {
    for (const step of args.words) yield text(step);
    yield text('there');
  },
};

describe('a line', () => {
  it('has an answer, as a document and as a terminal shows it', async () => {
    await using bot = await testBot({ commands: [command('shout', ({ args }) => args.after(0).toUpperCase())] });
    expect(await bot.say('shout hello')).toEqual({
      document: text('HELLO'),
      text: 'HELLO',
      kind: 'answer',
      actions: [],
      progress: [],
      outcome: 'done',
    });
  });

  it('has the progress before it', async () => {
    await using bot = await testBot({ commands: [climb] });
    const { text: last, progress } = await bot.say('climb one two');
    expect(progress).toEqual([text('one'), text('two')]);
    expect(last).toBe('there');
  });

  it.each([
    ['nosuch', 'failed', 'unknown command "nosuch". Try "help".'],
    ['fail', 'failed', 'it is closed'],
    ['hang', 'timed out', 'timed out'],
    ['ping | nosuch', 'failed', 'there is no "nosuch" to pipe into'],
  ])('that goes wrong says how: %s', async (line, outcome, says) => {
    const fail = command('fail', () => Promise.reject(new CommandError('failed', 'it is closed')));
    const hang = command('hang', () => new Promise(() => {}));
    await using bot = await testBot({ commands: [fail, hang], timeoutMs: 50 });
    const answer = await bot.say(line);
    expect(answer).toMatchObject({ kind: 'error', outcome });
    expect(answer.text).toContain(says);
  });

  it('goes through pipes, aliases and plans', async () => {
    await using bot = await testBot({ commands: [command('logs', () => 'one\ntwo\nthree')] });
    expect((await bot.say('logs | grep t')).text).toBe('two\nthree');
    expect((await bot.say('alias tees logs | grep t')).outcome).toBe('done');
    expect((await bot.say('tees')).text).toBe('two\nthree');
    expect((await bot.say('logs --plan')).text).toContain('nothing was run');
  });

  it('is said in a room, in a thread, on a network, or to the bot alone', async () => {
    const where = command(
      'where',
      ({ caller: { input, room, thread = '-', isDirect, isKnown } }) =>
        [input, room, thread, String(isDirect), String(isKnown)].join(' '),
      { effect: 'read' },
    );
    await using bot = await testBot({ commands: [where], inputs: ['slack'] });
    expect((await bot.say('where')).text).toBe('test somebody - true true');
    expect((await bot.say('where', { as: 'ann' })).text).toBe('test ann - true true');
    expect((await bot.say('micro where', { in: '#ops', thread: '7' })).text).toBe('test #ops 7 false true');
    expect((await bot.say('where', { input: 'slack', as: 'T1/U1', isKnown: false })).text).toBe(
      'slack T1/U1 - true false',
    );
    await expect(bot.say('where', { input: 'xmpp' })).rejects.toThrow(
      'nobody listens on xmpp, only on test, console, slack: name it in inputs',
    );
  });

  it('that ends another one says nothing itself', async () => {
    await using bot = await testBot({ commands: [command('hang', () => new Promise(() => {}))] });
    const hanging = bot.say('hang');
    expect(await bot.say('stop')).toMatchObject({ outcome: 'silent', text: '' });
    expect(await hanging).toMatchObject({ outcome: 'cancelled', text: 'cancelled' });
  });

  it('is recorded', async () => {
    await using bot = await testBot({ commands: [command('shout', () => 'HELLO')] });
    await bot.say('shout hello', { as: 'ann', in: '#ops' });
    expect(await bot.audit({ command: 'shout' })).toMatchObject([
      { kind: 'started', person: 'test:ann', room: '#ops', line: 'shout hello' },
      { kind: 'ended', outcome: 'done' },
    ]);
  });
});

describe('services', () => {
  const tally = {
    Add: unary(({ n = 0 }: { n?: number }) => ({ text: String(n + 1) }), { metadata: { command: 'add' } }),
  };

  it('are commands while the bot runs, and gone with it', async () => {
    const stopped: string[] = [];
    const bot = await testBot({
      services: [
        (network) => {
          const server = newServer({ ...network, name: 'tally' });
          server.handle({ name: 'Tally', methods: tally });
          return { start: () => server.start(), stop: async () => void (await server.stop(), stopped.push('tally')) };
        },
      ],
    });
    expect((await bot.say('add {"n": 1}')).text).toBe('2');
    expect((await bot.say('list services')).text).toBe('tally');
    await bot[Symbol.asyncDispose]();
    expect(stopped).toEqual(['tally']);
  });

  it('may be there already', async () => {
    const network = { registry: memoryRegistry(), transport: memoryTransport() };
    const server = newServer({ ...network, name: 'tally' });
    server.handle({ name: 'Tally', methods: tally });
    await server.start();
    for (const n of [1, 2]) {
      await using bot = await testBot({ network });
      expect((await bot.say(`add {"n": ${n}}`)).text).toBe(String(n + 1));
    }
    expect(await network.registry.getService('tally')).toHaveLength(1);
    await server.stop();
    await network.registry.close();
  });

  it('that do not start are told, and what ran is stopped', async () => {
    let stops = 0;
    const good = { start: async () => {}, stop: async () => void (stops += 1) };
    const bad = { start: () => Promise.reject(new Error('no port')), stop: async () => {} };
    await expect(testBot({ services: [() => good, () => bad] })).rejects.toThrow('no port');
    expect(stops).toBe(1);
  });
});

describe('the end', () => {
  it('comes at once, whatever runs, and nothing is said after it', async () => {
    const bot = await testBot({ commands: [command('hang', () => new Promise(() => {}))] });
    const hanging = bot.say('hang');
    const listening = bot.heard();
    await Promise.all([bot[Symbol.asyncDispose](), expect(listening).rejects.toThrow('the bot has ended')]);
    expect((await hanging).outcome).toBe('cancelled');
    await bot[Symbol.asyncDispose]();
    await expect(bot.say('ping')).rejects.toThrow('the bot has ended');
  });
});
