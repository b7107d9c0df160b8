import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { CommandError, type Command } from '../../../src/commands/command.ts';
import { filters } from '../../../src/commands/filters/filters.ts';
import { noPlan } from '../../../src/commands/plan.ts';
import type { Document } from '../../../src/document/document.ts';
import { command, type RunningBot, runningBot } from '../../support/bot.ts';

const rows = Array.from({ length: 25_000 }, (_, id) => `{"id":${id},"name":"service ${id % 7}","load":[0.50,null]}`);
const large = `{"items":[${rows.join(',')}],"next":"page \\"2\\""}`;
const lines = Array.from({ length: 120_000 }, (_, line) => `line ${(line * 7_919) % 120_000}`).join('\n');

const answering = (name: string, document: Document, more: Partial<Command> = {}): Command => ({
  ...command(name, () => '', { effect: 'read', ...more }),
  run: () => Promise.resolve(document),
});

const house = (...more: readonly Command[]): RunningBot =>
  runningBot([
    answering('nodes', { kind: 'json', text: large }),
    answering('log', { kind: 'text', text: lines }),
    answering('login', { kind: 'text', text: lines }, { plan: () => ({ ...noPlan, secrets: ['hunter22'] }) }),
    answering(
      'whisper',
      { kind: 'text', text: 'it is hunter22' },
      { plan: () => ({ ...noPlan, secrets: ['hunter22'] }) },
    ),
    command('ping', () => 'pong'),
    ...filters,
    ...more,
  ]);

describe('an answer that is too large', () => {
  it.each([
    ['log', 'the answer has 1.4 million characters, and no more than 1 million are shown here'],
    ['nodes', 'the answer has 1.3 million characters'],
    // Of what is left.
    ['nodes | json .items | sort id', 'million characters, and no more than 1 million are shown here'],
    // There may be secrets anywhere in it.
    ['login', '1.4 million characters, and no more than 1 million are looked through for the secrets of this command'],
    ['login | count', 'nothing of it is shown. Ask for less.'],
  ])('is not shown, and what to do is said: %s', async (line, sentence) => {
    await using bot = house();
    expect(await bot.say(line)).toEqual([expect.stringContaining(sentence)]);
  });

  it.each([
    ['nodes | json .next', 'page "2"'],
    ['nodes | json .items[24999].load', '[\n\t0.50,\n\tnull\n]'],
    ['nodes | json .items[].name | count', '25000'],
    ['nodes | json .items | tail 1 | json [0].id', '24999'],
    ['nodes | json .items | grep "service 3" | count', '3571'],
    ['log | tail 1', `line ${(119_999 * 7_919) % 120_000}`],
    ['log | sort | head 2', 'line 0\nline 1'],
    ['log | sort -r | head 1', 'line 99999'],
    ['log | count', '120000'],
    ['log | grep "line 119999"', 'line 119999'],
  ])('counts behind the pipe: %s', async (line, left) => {
    await using bot = house();
    expect(await bot.say(line)).toEqual([left]);
  });

  it('of a million characters is shown', async () => {
    const whole = 'x'.repeat(999_999);
    await using bot = house(answering('whole', { kind: 'text', text: whole }));
    expect(await bot.say('whole')).toEqual([whole]);
    expect(await bot.say('whisper')).toEqual(['it is [secret]']);
  });

  it('is one of a progress, too', async () => {
    async function* run(): AsyncGenerator<Document> {
      yield { kind: 'text', text: lines };
      yield { kind: 'text', text: 'done' };
    }
    await using bot = house({ ...command('follow', () => ''), run });
    expect(await bot.say('follow')).toEqual([expect.stringContaining('1.4 million characters'), 'done']);
  });

  it('is none of a failure', async () => {
    const fail = (): never => {
      throw new CommandError('failed', lines);
    };
    await using bot = house(command('fail', fail));
    const [said, ...others] = await bot.say('fail');
    expect(others).toEqual([]);
    expect(said).toBe(
      'error executing cmd: it failed, and says so in 1.4 million characters, of which no more than 1 million are shown here',
    );
  });
});

describe('while a large answer is filtered', () => {
  it('others are answered', async () => {
    await using bot = house();
    const answered: string[] = [];
    const sorted = bot.say('log | sort | head 1').then(() => answered.push('log'));
    const other = bot.say('ping', { sender: 'U2', room: 'other' }).then(() => answered.push('ping'));
    await Promise.all([sorted, other]);
    expect(answered).toEqual(['ping', 'log']);
  });

  it('it can be taken back, and has one end', async () => {
    const answered = withResolvers<void>();
    const run = (): Promise<Document> => {
      answered.resolve();
      return Promise.resolve({ kind: 'text', text: lines });
    };
    await using bot = house({ ...command('slow', () => '', { effect: 'read' }), run });
    const sorted = bot.say('slow | sort | head 1');
    await answered.promise;
    // Now it has begun, and waits for its next turn.
    await setImmediate();
    await bot.say('stop');
    expect(await sorted).toEqual(['cancelled']);
    expect(await bot.say('ping')).toEqual(['pong']);
  });

  it('what is wrong with it is said', async () => {
    await using bot = house();
    expect(await bot.say('nodes | json .items[].nobody')).toEqual([
      expect.stringContaining('.items[] has no nobody, only id, name, load'),
    ]);
  });
});
