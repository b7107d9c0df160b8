import { describe, expect, test } from 'vitest';
import { typedLine } from '../../../../src/bot/line.ts';
import { plainText } from '../../../../src/inputs/slack/text/plain-text.ts';

/** What Slack sends for a line that people complained about elsewhere, and the words that a command must get. */
const lines: readonly (readonly [why: string, sent: string, words: readonly string[]])[] = [
  ['smart quotes around a value', 'test --option1=“q” --option2=“b”', ['test', '--option1=q', '--option2=b']],
  ['smart quotes around several words', 'say “hello there” now', ['say', 'hello there', 'now']],
  ['smart single quotes', 'say ‘hello there’', ['say', 'hello there']],
  ['an apostrophe', 'say don’t', ['say', 'don’t']],
  ['two dashes that became one', 'get pods —namespace=slackbots', ['get', 'pods', '--namespace=slackbots']],
  ['two dashes that became a shorter one', 'get –output json', ['get', '--output', 'json']],
  ['a dash that is none', 'say — hello', ['say', '—', 'hello']],
  ['a dash within a word', 'range 1—2', ['range', '1—2']],
  ['fixed spaces between words', 'list\u00a0services\u00a0 now', ['list', 'services', 'now']],
  ['an address as a value', 'x --url <https://x.example/a?b=1&amp;c=2>', ['x', '--url', 'https://x.example/a?b=1&c=2']],
  ['an address in quotes', 'x “<https://x.example/a>”', ['x', 'https://x.example/a']],
  ['a domain that became a link', 'curl <http://x.example|x.example>', ['curl', 'x.example']],
  ['a file that became a link', 'run <http://deploy.sh|deploy.sh> —dry-run', ['run', 'deploy.sh', '--dry-run']],
  ['mail that became a link', 'invite <mailto:a@b.example|a@b.example>', ['invite', 'a@b.example']],
  ['a redirection in quotes', 'run "a &gt; b"', ['run', 'a > b']],
  ['a value between backticks', 'get `my service`', ['get', 'my service']],
  ['quotes within backticks', 'get `"my service"`', ['get', '"my service"']],
  ['everything between backticks', '`get service x`', ['get', 'service', 'x']],
  ['several lines', 'deploy\n—env=prod\n—dry-run', ['deploy', '--env=prod', '--dry-run']],
  ['several lines in a fence', '```deploy\n--env=prod```', ['deploy', '--env=prod']],
  ['a person', 'page <@U1|anna>', ['page', '@U1']],
];

test.each(lines)('%s', (_, sent, words) => {
  expect(typedLine(plainText(sent)).words).toEqual(words);
});

describe('JSON comes to the service as it was meant', () => {
  test.each([
    ['plain', 'call a b {"name":"John"}', { name: 'John' }],
    ['in smart quotes', 'call a b {“name”: “John”}', { name: 'John' }],
    ['with fixed spaces', 'call a b {“name”:\u00a0“John”}', { name: 'John' }],
    ['in a fence', 'call a b ```{"name": "John"}```', { name: 'John' }],
    [
      'in a fence over lines',
      'call a b\n```\n{\n  "name": "John",\n  "tags": ["x"]\n}\n```',
      { name: 'John', tags: ['x'] },
    ],
    ['in a fence with its language', 'call a b ```json\n{"name": "John"}\n```', { name: 'John' }],
    ['between backticks', 'call a b `{"name": "John"}`', { name: 'John' }],
    ['with an address', 'call a b {"url":"<https://x.example/?a=1&amp;b=2>"}', { url: 'https://x.example/?a=1&b=2' }],
    ['with mail', 'call a b {"to":"<mailto:a@b.example|a@b.example>"}', { to: 'a@b.example' }],
    ['with markup', 'call a b {"html":"&lt;b&gt;x&lt;/b&gt;"}', { html: '<b>x</b>' }],
    ['with an escaped entity', 'call a b {"html":"&amp;lt;"}', { html: '&lt;' }],
    ['with marks that mean nothing', 'call a b {"glob":"*.ts","name":"a_b_c"}', { glob: '*.ts', name: 'a_b_c' }],
    ['over lines', 'call a b {\n"a": 1\n}', { a: 1 }],
    ['an array', 'call a b [1, “x”]', [1, 'x']],
  ])('%s', (_, sent, value) => {
    expect(JSON.parse(typedLine(plainText(sent)).after(3))).toEqual(value);
  });

  test('smart quotes that are data stay', () => {
    expect(JSON.parse(typedLine(plainText('call a b {"say":"“hi” — he said"}')).after(3))).toEqual({
      say: '“hi” — he said',
    });
  });
});
