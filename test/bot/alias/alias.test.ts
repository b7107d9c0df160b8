import { describe, expect, it } from 'vitest';
import { createAliases } from '../../../src/bot/alias/create.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { memoryState } from '../../../src/state/memory.ts';
import { StateError } from '../../../src/state/state.ts';
import { command } from '../../support/bot.ts';
import { aliasBot } from './world.ts';

const ann = { sender: 'ann', direct: false, addressed: true, room: 'ops' };
const ben = { ...ann, sender: 'ben' };
const elsewhere = { ...ann, room: 'dev' };

describe('an alias', () => {
  it('stands for a line, pipes and all', async () => {
    await using bot = await aliasBot();
    expect(await bot.answer('alias gb list services | grep billing')).toBe('gb is list services | grep billing');
    expect(await bot.answer('gb')).toBe('billing\nbilling-eu');
    expect(await bot.answer('GB | head 1')).toBe('billing');
    expect(await bot.answer('gb | count')).toBe('2');
    await bot.answer('alias say "echo hi"');
    expect(await bot.answer('say there')).toBe('hi there');
    await bot.answer('alias only grep');
    expect(await bot.answer('list services | only mail')).toBe('mail');
    await bot.answer('alias two words $1 "<$2>"');
    expect(await bot.answer('two "a b" c')).toBe('["a b","<c>"]');
    expect(await bot.answer('two a')).toBe('two needs 2 words: two is words $1 "<$2>"');
  });

  it('is one word that is no command', async () => {
    await using bot = await aliasBot();
    for (const [typed, answer] of [
      ['alias echo list services', 'echo is taken by the command echo'],
      ['alias LIST echo', 'list is taken by the command list services'],
      ['alias a/b echo', 'the name of an alias is one word: letters from a to z, digits, - and _'],
      ['alias __proto__ echo own', '__proto__ is echo own'],
      ['__proto__', 'own'],
      ['constructor', 'unknown command "constructor". Try "help".'],
      [
        'alias x echo a | | head',
        'no command stands before the | at column 10. Write "|", with the quotes, to mean the character',
      ],
      ['alias x list services | x', 'x cannot be an alias of itself'],
      [`alias x echo ${'é'.repeat(2_100)}`, 'the line is too long: 4205 bytes, at most 4096'],
      ['alias nobody shout $1', 'nobody is shout $1\nNobody answers to shout at the moment.'],
      ['alias missing', 'error executing cmd: missing is no alias here'],
      ['alias | head', 'to go on with them, write: aliases | …'],
      ['alias --all x echo', 'there is no option --all, only --room'],
      ['unalias missing', 'error executing cmd: missing is no alias of yours'],
    ] as const) {
      expect(await bot.answer(typed)).toBe(answer);
    }
  });

  it('gives way to a command that comes later', async () => {
    await using bot = await aliasBot();
    await bot.answer('alias ship echo by alias');
    expect(await bot.answer('ship')).toBe('by alias');
    bot.add(command('ship', () => 'by command'));
    expect(await bot.answer('ship')).toBe('by command');
    expect(await bot.answer('aliases')).toBe(
      'Name\tLine\tWhose\tNote\nship\techo by alias\tyours\tnot used: ship is a command now',
    );
  });

  it('may lead to others, but not in a circle and not without end', async () => {
    await using bot = await aliasBot();
    await bot.answer('alias a echo deep');
    await bot.answer('alias b a');
    expect(await bot.answer('b er')).toBe('deep er');
    await bot.answer('alias a b');
    expect(await bot.answer('a')).toBe('a is an alias of itself: a → b → a');
    for (let depth = 1; depth <= 11; depth += 1) await bot.answer(`alias d${depth} d${depth + 1}`);
    expect(await bot.answer('d3')).toMatch(/^unknown command "d12"/);
    expect(await bot.answer('d1')).toBe('too many aliases, one in the other: d1 → d2 → d3 …');
    for (const [one, two] of [
      ['x', 'y'],
      ['y', 'z'],
      ['z', 'w'],
    ]) {
      await bot.answer(`alias ${one} ${Array.from({ length: 20 }, () => two).join(' | ')}`);
    }
    await bot.answer('alias w list services');
    expect(await bot.answer('x')).toMatch(/^too many aliases/);
  });

  it('is kept as it is in the line of another', async () => {
    await using bot = await aliasBot();
    await bot.answer('alias w list services');
    await bot.answer('alias head1 w | head 1');
    expect(await bot.answer('alias head1')).toContain('head1\tw | head 1\tyours');
    expect(await bot.answer('head1')).toBe('auth');
    expect(await bot.answer('alias broken w | | head 1')).toMatch(/^no command stands before the \| at column 5/);
  });
});

describe('what an alias makes of a line', () => {
  const whose = { person: 'memory:ann', input: 'memory', room: 'ops' };
  it.each([
    ['w', 'list services'],
    ['w > me', 'list services > me'],
    ['w | first > #ops', 'list services | head 1 > #ops'],
    ['w --plan', '--plan list services'],
    ['--plan w | first', '--plan list services | head 1'],
    ['first', 'head 1'],
    ['echo w', undefined],
    ['echo "a | w"', undefined],
    ['echo {"a": "b | w"} w', undefined],
    ['"w"', 'list services'],
    ['alias x w | first', undefined],
    ['mine', 'list services > me'],
    ['', undefined],
    ['"open', undefined],
  ])('%j', async (said, expected) => {
    await using bot = await aliasBot();
    for (const line of ['alias w list services', 'alias first head 1', 'alias mine w > me'])
      await bot.answer(line, ann);
    expect(bot.aliases.expand(said, whose)?.line).toBe(expected);
    expect(bot.aliases.expand(said, { ...whose, person: 'memory:ben' })).toBeUndefined();
  });
});

describe('aliases belong', () => {
  it('to their person, in every room, or to a room', async () => {
    await using bot = await aliasBot();
    await bot.answer('alias hi echo ann', ann);
    expect(await bot.answer('hi', elsewhere)).toBe('ann');
    expect(await bot.answer('hi', ben)).toMatch(/^unknown command/);
    expect(await bot.answer('alias --room hi echo everybody', ben)).toBe(
      'hi is echo everybody, for everybody in this room',
    );
    expect(await bot.answer('hi', ben)).toBe('everybody');
    expect(await bot.answer('hi', ann)).toBe('ann');
    expect(await bot.answer('hi', { ...ben, room: 'dev' })).toMatch(/^unknown command/);
    expect(await bot.answer('aliases', ann)).toBe(
      [
        'Name\tLine\tWhose\tNote',
        'hi\techo ann\tyours\t',
        "hi\techo everybody\tthe room's, by memory:ben\tnot used: yours comes first",
      ].join('\n'),
    );
    expect(await bot.answer('aliases | grep everybody | count', ann)).toBe('1');
    expect(await bot.answer('unalias hi', ann)).toBe('hi is forgotten');
    expect(await bot.answer('hi', ann)).toMatch(/\neverybody$/);
    expect(await bot.answer('unalias hi', ann)).toBe(
      'error executing cmd: hi is no alias of yours: write unalias --room hi',
    );
    expect(await bot.answer('alias -r x echo', { sender: 'ann', direct: true })).toBe(
      'nobody else is here: leave out --room',
    );
  });

  it("to whoever made them: a room's is changed by them and by admins alone", async () => {
    await using bot = await aliasBot(memoryState(), ({ user }) => user === 'root');
    await bot.answer('alias --room hi echo 1', ann);
    const refused = 'error executing cmd: hi was made by memory:ann: only they and admins may change it';
    expect(await bot.answer('alias --room hi echo 2', ben)).toBe(refused);
    expect(await bot.answer('unalias --room hi', ben)).toBe(refused);
    expect(await bot.answer('hi', ben)).toMatch(/\n1$/);
    const root = { ...ann, sender: 'root' };
    expect(await bot.answer('alias --room hi echo 3', root)).toContain('hi is echo 3');
    expect(await bot.answer('aliases', ben)).toContain("hi\techo 3\tthe room's, by memory:root\t");
    expect(await bot.answer('unalias --room hi', root)).toBe('hi is forgotten');
  });

  it('to nobody whom the network does not vouch for', async () => {
    await using bot = await aliasBot();
    const answer = await bot.answer('alias hi echo', { ...ann, isKnown: false });
    expect(answer).toBe('error executing cmd: nobody vouches here for who you are, so nothing can be kept for you');
  });

  it('in limits', async () => {
    await using bot = await aliasBot();
    for (let made = 0; made < 200; made += 1) await bot.answer(`alias n${made} echo`);
    expect(await bot.answer('alias more echo')).toBe(
      'error executing cmd: there are 200 aliases already: unalias one first',
    );
    expect(await bot.answer('alias n7 echo changed')).toBe('n7 is echo changed');
    await bot.answer('unalias n7');
    expect(await bot.answer('alias more echo')).toBe('more is echo');
  });
});

describe('aliases are kept', () => {
  it('from one run to the next', async () => {
    const state = memoryState();
    {
      await using bot = await aliasBot(state);
      await bot.answer('alias hi echo $1', ann);
      await bot.answer('alias --room all echo all', ann);
    }
    await using bot = await aliasBot(state);
    expect(await bot.answer('hi there', ann)).toBe('there');
    expect(await bot.answer('all', ann)).toBe('all');
  });

  it('not when what is kept is none', async () => {
    const state = memoryState();
    await (await state.shelf('aliases', String, '')).replace('nonsense');
    await expect(createAliases({ state, commands: () => commandSet([]) })).rejects.toThrow('expected array');
  });

  it('without secrets', async () => {
    await using bot = await aliasBot();
    bot.add(
      command('login', () => 'in', {
        plan: ({ args }) => ({ parameters: new Map(), secrets: [args.word(0) ?? ''].filter((word) => word !== '$1') }),
      }),
    );
    const refused =
      'error executing cmd: there is a secret in this line, or what may be one, and those are not kept: write $1 in its place';
    expect(await bot.answer('alias in login hunter22')).toBe(refused);
    expect(await bot.answer('alias in "login hunter22"')).toBe(refused);
    expect(await bot.answer('alias in login $1')).toBe('in is login $1');
    expect(await bot.answer('in hunter22')).toBe('in');
  });

  it('for as long as the bot runs, when they cannot be written', async () => {
    const state = memoryState();
    const broken = {
      ...state,
      shelf: async <T>(name: string, read: (kept: unknown) => T | Promise<T>, empty: T) => {
        const shelf = await state.shelf(name, read, empty);
        return { current: shelf.current, replace: () => Promise.reject(new StateError('unavailable', 'disk full')) };
      },
    };
    await using bot = await aliasBot(broken);
    expect(await bot.answer('alias hi echo hi')).toBe(
      'error executing cmd: done, but forgotten when the bot restarts: it cannot write its state',
    );
    expect(await bot.answer('hi')).toBe('hi');
  });
});
