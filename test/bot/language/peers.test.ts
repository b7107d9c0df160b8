import { describe, expect, it } from 'vitest';
import { typedLine } from '../../../src/bot/line.ts';
import { readPipeline } from '../../../src/bot/pipeline.ts';
import { CommandError } from '../../../src/commands/command.ts';
import { parametersOf, usageOf } from '../../../src/commands/parameter.ts';
import { fillRequest } from '../../../src/commands/parameters.ts';
import { readSaid } from '../../../src/inputs/slack/text/said.ts';
import { shape } from '../../../src/runtime/schema.ts';
import { command, runningBot } from '../../support/bot.ts';

// What other bots made of a line, as their people reported it. Each is read here as its person meant it.

const words = (line: string): readonly string[] => typedLine(line).words;

/** The words of a message as Slack's API gives it. */
const slackWords = (text: string): readonly string[] => words(readSaid({ text }, new Set()).text);

/** What a service is sent for a line of a command with these fields. */
function sent(line: string, fields: Readonly<Record<string, string>>): unknown {
  const parameters = parametersOf(shape('Request', fields).value, undefined);
  const [name = '', ...rest] = words(line);
  return JSON.parse(fillRequest(parameters, { name, usage: usageOf(name, parameters), words: rest }).body);
}

describe('hubotio/hubot, its command bus', () => {
  it('an address is one value, not two', () => {
    expect(sent('fetch --url https://x.example/a', { url: 'string', https: 'string' })).toEqual({
      url: 'https://x.example/a',
    });
  });

  it('words without a name are not dropped', () => {
    expect(sent('deploy billing prod', { service: 'string', env: 'string' })).toEqual({
      service: 'billing',
      env: 'prod',
    });
  });

  it('--env=prod is a name and its value', () => {
    expect(sent('deploy --env=prod', { env: 'string', 'env=prod': 'string' })).toEqual({ env: 'prod' });
  });

  it('quotes that a telephone types are quotes', () => {
    expect(sent('say --text “hello  world” --to ‘John Smith’', { text: 'string', to: 'string' })).toEqual({
      text: 'hello  world',
      to: 'John Smith',
    });
  });
});

describe('operable/cog', () => {
  it('#275: smart quotes', () => {
    expect(words('echo “test me” ‘and me’')).toEqual(['echo', 'test me', 'and me']);
  });

  it('#1269: a tweet in smart quotes is answered, and is one word', async () => {
    const tweet = command('tweet', ({ args }) => JSON.stringify(args.words));
    await using bot = runningBot([tweet]);
    expect(await bot.say('tweet “hey there”')).toEqual(['["hey there"]']);
  });

  it("#264: Slack's links, channels and entities are what was typed, also behind >", () => {
    expect(slackWords('open <https://x.example/watch?v=1&amp;t=2> &lt;b&gt;')).toEqual([
      'open',
      'https://x.example/watch?v=1&t=2',
      '<b>',
    ]);
    const said = readSaid({ text: 'list services &gt; <#C036HA90R|beta>' }, new Set()).text;
    expect(readPipeline(said)).toEqual({
      stages: ['list services'],
      to: { kind: 'room', room: expect.stringMatching(/^#/) },
      isPlan: false,
    });
  });

  it('#242: a person who is called is one word', () => {
    const page = new Map([['whom', { type: 'user' }]]);
    const parameters = parametersOf(shape('Request', { whom: 'string' }).value, page);
    const [, ...rest] = slackWords('page <@U9AF923J>');
    expect(fillRequest(parameters, { name: 'page', usage: 'page [whom]', words: rest }).body).toBe(
      '{"whom":"U9AF923J"}',
    );
  });

  it('#1088: a required parameter may be given by its letter', () => {
    const declared = new Map([['region', { required: true, short: 'r' }]]);
    const parameters = parametersOf(shape('Request', { region: 'string' }).value, declared);
    expect(fillRequest(parameters, { name: 'list', usage: 'list', words: ['-r', 'eu'] }).body).toBe('{"region":"eu"}');
  });
});

describe('errbotio/errbot', () => {
  it('#1145: quotes behind =', () => {
    expect(words('test --option1=“q” --option2=“b c”')).toEqual(['test', '--option1=q', '--option2=b c']);
  });

  it('#1094: named values in smart quotes', () => {
    expect(sent('hello --name “John Smith”', { name: 'string' })).toEqual({ name: 'John Smith' });
  });

  it('#1236: quotes within quotes', () => {
    expect(words('do --some-param “some args with  ‘quotation marks’ ”')).toEqual([
      'do',
      '--some-param',
      'some args with  ‘quotation marks’ ',
    ]);
  });

  it('#516: a long dash where two were typed', () => {
    expect(sent('deploy —env prod –force', { env: 'string', force: 'bool' })).toEqual({ env: 'prod', force: true });
  });

  it('#950: an apostrophe is no quote, and a quote that is never closed is told with its place', () => {
    expect(words("hello I don't know")).toEqual(['hello', 'I', "don't", 'know']);
    expect(() => words("hello 'tis")).toThrow("the quote ' at column 7 is never closed");
    expect(typedLine("hello 'tis me").after(1)).toBe("'tis me");
  });

  it('#1307: a line break stands between the command and its words', async () => {
    const hello = command('hello', ({ args }) => JSON.stringify([args.words, args.after(0)]));
    await using bot = runningBot([hello]);
    expect(await bot.say('hello\nLine 1')).toEqual(['[["Line","1"],"Line 1"]']);
  });

  it('#1716: line breaks within are kept', async () => {
    const hello = command('hello', ({ args }) => JSON.stringify(args.after(0)));
    await using bot = runningBot([hello]);
    expect(await bot.say('hello\nLine 1\nLine 2\n')).toEqual(['"Line 1\\nLine 2"']);
  });
});

describe('kubeshop/botkube', () => {
  it('#799: --cluster-name in smart quotes', () => {
    expect(words('get pods --cluster-name=“myclustername”')).toEqual(['get', 'pods', '--cluster-name=myclustername']);
  });

  it('#460: a host name that Slack made a link of', () => {
    const text = 'get deployment --cluster-name <http://charizard.x.example|charizard.x.example>';
    expect(slackWords(text)).toEqual(['get', 'deployment', '--cluster-name', 'charizard.x.example']);
  });
});

describe('others', () => {
  it('mathew-fleisch/bashbot#48: quotes, apostrophes and links', () => {
    expect(slackWords('run “a b” don’t <https://x.example/a>')).toEqual(['run', 'a b', 'don’t', 'https://x.example/a']);
  });

  it('fusebit/fusebot#26: words in bold and in italics', () => {
    const styled = (text: string, style: object): object => ({ type: 'text', text, style });
    const elements = [styled('coin', { bold: true }), { type: 'text', text: ' ' }, styled('doge', { italic: true })];
    const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
    expect(words(readSaid({ text: '*coin* _doge_', blocks }, new Set()).text)).toEqual(['coin', 'doge']);
  });

  it('kmaida/rota-slackbot#29: a name and a description in smart quotes', () => {
    expect(words('rota “my rotation” create “Who is on call”')).toEqual([
      'rota',
      'my rotation',
      'create',
      'Who is on call',
    ]);
  });

  it('nautobot/nautobot-app-chatops#52: the two kinds of quotes in one line', () => {
    expect(words('meraki get “Aspire Partners, LLC.” "MV12 Lab Cam1"')).toEqual([
      'meraki',
      'get',
      'Aspire Partners, LLC.',
      'MV12 Lab Cam1',
    ]);
  });

  it('harbur/kubebot#9: —namespace=slackbots', () => {
    expect(words('get pods —namespace=slackbots')).toEqual(['get', 'pods', '--namespace=slackbots']);
  });

  it('slack-ruby/slack-shellbot#12: a > within a word redirects nothing, and one alone says how to be quoted', () => {
    expect(readPipeline('echo a->b x>5 >=').stages).toEqual(['echo a->b x>5 >=']);
    expect(() => readPipeline('echo 7 > 5')).toThrow(CommandError);
    expect(() => readPipeline('echo 7 > 5')).toThrow('Write ">", with the quotes');
    expect(readPipeline('echo 7 ">" 5').stages).toEqual(['echo 7 ">" 5']);
  });
});
