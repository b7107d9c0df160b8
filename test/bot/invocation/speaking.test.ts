import { describe, expect, it } from 'vitest';
import type { Access } from '../../../src/access/access.ts';
import { withResolvers } from '../../../src/async/queue.ts';
import type { Command } from '../../../src/commands/command.ts';
import { filters } from '../../../src/commands/filters/filters.ts';
import { type Document, text } from '../../../src/document/document.ts';
import type { Input, Place, Speech } from '../../../src/inputs/input.ts';
import { memoryInput } from '../../../src/inputs/memory/memory.ts';
import { command, runningBot } from '../../support/bot.ts';
import { until } from '../../support/until.ts';
import { openWorld } from './world.ts';

const broken: Command = {
  ...command('broken', () => ''),
  effect: 'read',
  filter: () => {
    throw new Error('of undefined: token=abcdef0123456789');
  },
};

describe('a filter', () => {
  it('that throws fails the line, once, and its words have no secrets', async () => {
    await using world = openWorld({ commands: [broken, ...filters] });
    const said = (await world.bot.say('look a | broken | count')).join();
    expect(said).toMatch(/^error executing cmd: of undefined: token=/);
    expect(said).not.toContain('abcdef');
    expect(await world.ends()).toEqual({ 'look a | broken | count': ['failed'] });
    expect(JSON.stringify(await world.records())).not.toContain('abcdef');
  });

  it('that throws at what is said on the way ends the command, too', async () => {
    const { promise, resolve } = withResolvers<string>();
    const stream: Command = {
      ...command('stream', () => '', { effect: 'read' }),
      async *run({ signal }) {
        signal.addEventListener('abort', () => resolve('aborted'), { once: true });
        yield text('one');
        await promise;
        yield text('two');
      },
    };
    await using world = openWorld({ commands: [broken, stream] });
    expect((await world.bot.say('stream | broken')).join()).toMatch(/^error executing cmd: of undefined/);
    expect(await promise).toBe('aborted');
    expect(await world.ends()).toEqual({ 'stream | broken': ['failed'] });
  });
});

describe('a secret', () => {
  const secret = 'correct horse battery';
  const login = (run: Command['run']): Command => ({
    ...command('login', () => ''),
    run,
    plan: ({ args }) => ({ parameters: new Map([['password', ['…']]]), secrets: args.words.slice(1) }),
  });

  it.each<readonly [string, Command['run']]>([
    ['its answer', async () => text(`your password is ${secret}`)],
    [
      'an error',
      async () => {
        throw new Error(`wrong: ${secret}`, { cause: new Error(secret) });
      },
    ],
    [
      'what it says on the way',
      async function* () {
        yield { kind: 'fields', fields: [{ name: 'password', value: secret }] };
        yield text('done');
      } as Command['run'],
    ],
  ])('is not seen in %s, nor in the log, the audit and the jobs', async (_, run) => {
    const seen: string[] = [];
    await using world = openWorld({ commands: [login(run)] });
    await world.bot.say(`login ann "${secret}"`, {
      onReply: ({ document }) => void seen.push(JSON.stringify(document)),
    });
    expect(seen.length).toBeGreaterThan(0);
    const all = [seen, world.logged(), await world.records(), world.jobs.history(10, () => true)];
    expect(JSON.stringify(all)).not.toContain('horse');
    expect((await world.records())[0]).toMatchObject({ kind: 'started', isMasked: true });
  });
});

describe('an answer for another room', () => {
  /** A network where rooms can't be told apart from those that are not there until something is said. */
  function lateNetwork(): { readonly input: Input; readonly ended: string[]; readonly said: string[] } {
    const { reach: _, ...input } = memoryInput('late');
    const said: string[] = [];
    const ended: string[] = [];
    const reach = (place: Place): Speech => {
      const name = place.kind === 'room' ? place.room : place.person;
      return {
        async say(document: Document) {
          if (name === '#gone') throw new Error('channel_not_found');
          said.push(`${name}: ${JSON.stringify(document)}`);
        },
        end: () => void ended.push(name),
      };
    };
    return { input: { ...input, reach }, said, ended };
  }

  it('is said there, and its person told; one that cannot be said there is no success', async () => {
    const { input, said, ended } = lateNetwork();
    await using bot = runningBot([command('look', () => 'looked')], { inputs: [input] });
    const say = async (line: string) =>
      (await (input as ReturnType<typeof memoryInput>).say(line)).map(({ document, kind }) => [kind, document]);
    expect(await say('look > #ops')).toEqual([['aside', text('sent to #ops')]]);
    expect(await say('look > #gone')).toEqual([
      ['error', text('it was run, and what it answered could not be sent to #gone')],
    ]);
    expect(said).toHaveLength(1);
    expect(ended).toEqual(['#ops', '#gone']);
    await (input as ReturnType<typeof memoryInput>).close();
    bot.stop();
  });

  it('is not run where nothing can be said', async () => {
    const { reach: _, ...mute } = memoryInput('mute');
    const ran: string[] = [];
    const look = command('look', () => String(ran.push('look')));
    await using bot = runningBot([look], { inputs: [mute] });
    const replies = await mute.say('look > #ops');
    expect(JSON.stringify(replies)).toContain('nothing can be said on mute without being asked');
    expect(ran).toEqual([]);
    bot.stop();
  });

  it('waits for its turn here: nobody there is told', async () => {
    await using world = openWorld({ jobs: { limits: { person: 1 } } });
    const first = world.bot.say('work a', { room: 'one' });
    const { finish } = await world.began('a');
    const shown: string[] = [];
    const second = world.bot.say('work b > #ops', {
      room: 'two',
      onReply: ({ kind }) => void shown.push(kind),
    });
    await until(() => shown.includes('progress'));
    expect(world.bot.input.unasked).toEqual([]);
    finish();
    (await world.began('b')).finish();
    await Promise.all([first, second]);
    expect(world.bot.input.unasked).toHaveLength(1);
  });

  it('that is taken back while it is decided leaves nothing open there', async () => {
    const { input, ended, said } = lateNetwork();
    const { promise, resolve } = withResolvers<void>();
    let isAsked = false;
    const access: Access = {
      decide: async () => {
        isAsked = true;
        await promise;
        return { isAllowed: true, person: 'a', why: '', path: [], confirm: false, approvals: 0, scopes: [] };
      },
      personOf: ({ name }) => ({ id: name, name, isKnown: true, roles: new Set() }),
      everybody: () => [],
    };
    await using bot = runningBot([command('look', () => 'looked')], { inputs: [input], access });
    const hanging = (input as ReturnType<typeof memoryInput>).say('look > #ops');
    await until(() => isAsked);
    void (input as ReturnType<typeof memoryInput>).say('stop');
    expect((await hanging).map(({ document }) => document)).toEqual([text('cancelled')]);
    resolve();
    expect([said, ended]).toEqual([[], []]);
    bot.stop();
  });
});
