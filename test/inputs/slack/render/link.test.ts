import { describe, expect, test } from 'vitest';
import { renderSlack } from '../../../../src/inputs/slack/render/render.ts';
import { problemsOf } from './accepted.ts';

/** The elements of the line that shows a link. */
function show(url: string, label: string): unknown {
  const { messages } = renderSlack({ kind: 'link', url, label });
  const [{ blocks }] = messages;
  expect(messages.length).toBe(1);
  expect(problemsOf(messages[0], { urls: [url] })).toEqual([]);
  const sections = blocks.flatMap(({ elements }) => elements as readonly { readonly elements: unknown }[]);
  expect(sections.length).toBe(1);
  return sections[0]?.elements;
}

const site = 'https://status.example/a?b=c#d';
const link = (text: string, url = site): object => ({ type: 'link', url, text });
const plain = (text: string): object => ({ type: 'text', text });

describe('a link', () => {
  test.each([
    'the status page',
    'Build #12, tests (3)',
    'Zurück…',
    'status.example',
    'STATUS.example',
    site,
  ])('may be called %s', (label) => {
    expect(show(site, label)).toEqual([link(label)]);
  });

  test('without a label is its address', () => {
    expect(show(site, '')).toEqual([link(site)]);
    expect(show(site, ' \u200b')).toEqual([link(site)]);
  });

  test.each([
    'https://bank.example',
    'bank.example',
    'login at bank.example now',
    'bank。example',
    'bank．example',
    'bank․example',
    'bankꓸexample',
    '状態',
    'bank.example/path',
    'status.example.evil.example',
    'https:bank',
    'v1.2',
    'a@b',
    '<https://bank.example|x>',
    'status\u202e',
    'x'.repeat(600),
  ])('that is called %s has its address beside it', (label) => {
    const shown = label.replace('\u202e', '\\u202e');
    expect(show(site, label)).toEqual([plain(`${shown} `), link(site)]);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'slack://open',
    'mailto:a@b.example',
    'ftp://x.example',
    '//x.example',
    'x.example',
    'https://',
    'https://a b.example',
    'https://jo:secret@x.example/',
    'https://x.example@evil.example/',
    'https://x.example\\@evil.example/',
    'https:/x.example',
    'https://\u0430pple.example/',
    'https://x.example/<!channel>',
    'https://x.example/|ok',
    'https://x.example/"',
    'https://x.example/\u202e',
    'https://x.example:99999/',
    'https://999.999.999.999/',
    `https://x.example/${'a'.repeat(2_500)}`,
  ])('to %s leads nowhere', (url) => {
    const shown = url.replace('\u202e', '\\u202e');
    expect(show(url, 'the page')).toEqual([plain(`the page (${shown})`)]);
    expect(show(url, '')).toEqual([plain(shown)]);
  });

  test.each([
    'http://10.0.0.1:8080/x',
    'https://[::1]:3000/',
    'HTTPS://X.example',
    'https://x.example?a[]=1&b=%20',
  ])('to %s can be followed', (url) => {
    expect(show(url, 'the page')).toEqual([link('the page', url)]);
  });

  test('shows its address in a notification', () => {
    expect(renderSlack({ kind: 'link', url: site, label: 'bank.example' }).messages[0].text).toBe(
      `bank.example ${site}`,
    );
  });
});
