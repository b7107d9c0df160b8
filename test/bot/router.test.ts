import { describe, expect, it } from 'vitest';
import { type Command, CommandError, type Invocation } from '../../src/commands/command.ts';
import { commandSet } from '../../src/commands/set.ts';
import { text } from '../../src/document/document.ts';
import { command, runningBot } from '../support/bot.ts';

const echo = command('echo', ({ args }) => args.after(0));
const list = command('list services', () => 'greeter');
const show = command('show', ({ options, args }) => JSON.stringify({ options, words: args.words }), {
  options: [
    { name: 'output', alias: 'o', kind: 'string', usage: 'json or raw' },
    { name: 'metadata', kind: 'list', usage: 'key=value' },
    { name: 'quiet', alias: 'q', kind: 'boolean', usage: 'say less' },
  ],
});

describe('finding the command', () => {
  it('takes the longest name, in any case and with any space, and keeps the rest as it was typed', async () => {
    const all = [command('db', ({ args }) => `db ${args.after(0)}`), command('db backup', ({ args }) => args.after(0))];
    await using bot = runningBot(all);
    expect(await bot.say('DB   Backup  a  "b"')).toEqual(['a  "b"']);
    expect(await bot.say('db restore')).toEqual(['db restore']);
  });

  it('answers in the words of the specification', async () => {
    await using bot = runningBot([
      command('fail', () => Promise.reject(new CommandError('not_found', 'Service not found'))),
      command('misuse', () => Promise.reject(new CommandError('usage', 'list what?'))),
    ]);
    expect(await bot.say('fail')).toEqual(['error executing cmd: Service not found']);
    expect(await bot.say('misuse')).toEqual(['list what?']);
  });

  it('suggests a command for an unknown word, to who meant the bot', async () => {
    await using bot = runningBot([echo, list]);
    expect(await bot.say('ehco hello')).toEqual(['unknown command "ehco", did you mean "echo"? Try "help".']);
    expect(await bot.say('list servcies')).toEqual([
      'unknown command "list", did you mean "list services"? Try "help".',
    ]);
    expect(await bot.say('xylophone')).toEqual(['unknown command "xylophone". Try "help".']);
    expect(await bot.say('micro xylophone', { direct: false })).toEqual(['unknown command "xylophone". Try "help".']);
    expect(await bot.say('xylophone', { direct: false })).toEqual([]);
    expect(await bot.say('"list services"')).toEqual([
      'unknown command: "list services" is one word in its quotes. Say it without them.',
    ]);
    expect(await bot.say('services')).toEqual([
      'unknown command "services", did you mean "list services"? Try "help".',
    ]);
    expect(await bot.say('ec\u200bho hello')).toEqual([
      'unknown command "ec\\u{200b}ho", did you mean "echo"? Try "help".',
    ]);
    const [answer = ''] = await bot.say('🌍'.repeat(100));
    expect(answer).toBe(`unknown command "${'🌍'.repeat(40)}…". Try "help".`);
  });

  it('says which quote is open, unless the command wants its text verbatim', async () => {
    await using bot = runningBot([echo]);
    expect(await bot.say('"echo hi')).toEqual([
      'the quote " at column 1 is never closed. Write \\" to mean the character',
    ]);
    expect(await bot.say(`echo it's "5 o'clock`)).toEqual([`it's "5 o'clock`]);
  });

  it('tells who wrote a line as other programs want it how it is written here, where it did not work out', async () => {
    const usage = new CommandError('usage', 'one word too many: b');
    const hint = '\n| and > stand between spaces: list services | grep billing';
    await using bot = runningBot([echo, command('one', () => '', { plan: () => Promise.reject(usage) })]);
    for (const line of ['one a|grep b', 'one a| grep b', 'one a |grep b', 'one a >me', 'one a >#ops']) {
      expect(await bot.say(line)).toEqual([usage.message + hint]);
    }
    expect(await bot.say('one a && one b')).toEqual([
      `${usage.message}\na message is one command: say each in a message of its own`,
    ]);
    expect(await bot.say('one a\none b')).toEqual([
      `${usage.message}\na message is one command: say each in a message of its own`,
    ]);
    expect(await bot.say('one <<EOF\na\nEOF')).toEqual([
      `${usage.message}\ntext of several lines stands between two rows of three backquotes`,
    ]);
    for (const line of ['one a', 'one "a|b" \'a && b\'', 'one >=1.2', 'one a->b', 'one a\nb']) {
      expect(await bot.say(line)).toEqual([usage.message]);
    }
    expect(await bot.say('echo a|grep b >me')).toEqual(['a|grep b >me']);
  });

  it('sees a command that came while it runs', async () => {
    const commands: Command[] = [];
    await using bot = runningBot(commands, { commands: () => commandSet(commands) });
    expect(await bot.say('echo a')).toEqual(['unknown command "echo". Try "help".']);
    commands.push(echo);
    expect(await bot.say('echo a')).toEqual(['a']);
  });
});

describe('options after the name', () => {
  it.each([
    ['show a b', {}, ['a', 'b']],
    ['show --output raw a', { output: 'raw' }, ['a']],
    ['show --output=raw a', { output: 'raw' }, ['a']],
    ['show -o raw a -o json', { output: 'raw' }, ['a', '-o', 'json']],
    ['show —output raw', { output: 'raw' }, []],
    ['show --metadata A=1 --metadata="B=x y" -q z', { metadata: ['A=1', 'B=x y'], quiet: true }, ['z']],
    ['show --quiet=false -- --output raw', { quiet: false }, ['--output', 'raw']],
    ['show -5 - x', {}, ['-5', '-', 'x']],
    ['show --output= a', { output: '' }, ['a']],
  ])('%s', async (typed, options, words) => {
    await using bot = runningBot([show]);
    expect((await bot.say(typed)).map((line) => JSON.parse(line))).toEqual([{ options, words }]);
  });

  it.each([
    ['show --badflag', 'there is no option --badflag, only --output, --metadata, --quiet'],
    ['show -h', 'there is no option -h, only --output, --metadata, --quiet; say "help show"'],
    ['show --output', 'option --output needs a value'],
    ['show --quiet=maybe', 'option --quiet is true or false, not maybe'],
  ])('%s is refused', async (typed, message) => {
    await using bot = runningBot([show]);
    expect(await bot.say(typed)).toEqual([message]);
  });

  it('leaves the words of a command without options alone', async () => {
    await using bot = runningBot([echo]);
    expect(await bot.say('echo --output raw -- x')).toEqual(['--output raw -- x']);
  });
});

describe('what is not read', () => {
  it.each([
    ['a control character', 'echo a\u0000b', 'message refused: it has the control character U+0000 at column 7'],
    ['an escape', 'echo 🌍\u001b[2J', 'message refused: it has the control character U+001B at column 7'],
    ['half a character', 'echo \ud800', 'message refused: it has the control character U+D800 at column 6'],
    ['too much', `echo ${'x'.repeat(65_536)}`, 'message too long: 65541 bytes, at most 65536'],
    ['too many bytes', `echo ${'€'.repeat(22_000)}`, 'message too long: 66005 bytes, at most 65536'],
    ['ten megabytes', 'x'.repeat(10_000_000), 'message too long: 10000000 bytes, at most 65536'],
  ])('%s is refused with a sentence, and the bot goes on', async (_, typed, sentence) => {
    await using bot = runningBot([echo]);
    expect(await bot.say(typed)).toEqual([sentence]);
    expect(await bot.say(`micro ${typed}`, { direct: false })).toHaveLength(1);
    expect(await bot.say(typed, { direct: false })).toEqual([]);
    expect(await bot.say(`echo ${'y'.repeat(65_531)}`)).toEqual(['y'.repeat(65_531)]);
  });
});

describe('an invocation', () => {
  it('says who, where and through what, and has an id of its own', async () => {
    const seen: Invocation[] = [];
    await using bot = runningBot([
      command('who', (invocation) => {
        seen.push(invocation);
        return 'you';
      }),
    ]);
    await bot.say('who', { sender: 'U1', room: 'C1' });
    await bot.say('micro: who', { sender: 'U2', room: 'C1', direct: false });
    const there = { input: 'memory', room: 'C1', roomName: 'C1', isKnown: true };
    expect(seen.map(({ caller }) => caller)).toEqual([
      { ...there, user: 'U1', name: 'U1', person: 'memory:U1', isDirect: true },
      { ...there, user: 'U2', name: 'U2', person: 'memory:U2', isDirect: false },
    ]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(2);
    expect(seen[0]?.signal).toBe(seen[0]?.signal);
    expect(seen[0]?.signal.aborted).toBe(false);
  });

  it('shows progress as it comes and ends with the last document', async () => {
    const kinds: string[] = [];
    let goOn: (() => void) | undefined;
    const deploy: Command = {
      ...echo,
      name: 'deploy',
      async *run() {
        yield text('building');
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        yield text('testing');
        yield text('done');
      },
    };
    await using bot = runningBot([deploy]);
    const shown = await bot.say('deploy', {
      onReply: ({ kind }) => {
        // `building` is shown although nothing follows yet.
        kinds.push(kind);
        goOn?.();
      },
    });
    expect(shown).toEqual(['building', 'testing', 'done']);
    expect(kinds).toEqual(['progress', 'progress', 'answer']);
  });

  it('ends with the last document again when it did not know that it was the last', async () => {
    let end: (() => void) | undefined;
    const slow: Command = {
      ...echo,
      name: 'slow',
      async *run() {
        yield text('only');
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      },
    };
    await using bot = runningBot([slow, { ...echo, name: 'nothing', async *run() {} }]);
    const replies = await bot.input.say('slow', { onReply: () => end?.() });
    expect(replies.map(({ kind }) => kind)).toEqual(['progress', 'answer']);
    expect(replies[0]?.document).toBe(replies[1]?.document);
    expect(await bot.say('nothing')).toEqual(['done']);
  });
});
