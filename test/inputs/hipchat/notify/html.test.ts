import { type Arbitrary, array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Document, text } from '../../../../src/document/document.ts';
import { harmless } from '../../../../src/document/harmless.ts';
import { maxHtml, renderHtml } from '../../../../src/inputs/hipchat/notify/html.ts';

describe('a notification', () => {
  it.each<[string, Document, string]>([
    ['text', text('pong'), '@Asim: pong'],
    ['lines', text('a\nb'), '@Asim: a<br>b'],
    ['spaces', text('a  b\n c'), '@Asim: a&nbsp; b<br>&nbsp;c'],
    ['no text', text(''), '@Asim: '],
    [
      'markup',
      text('<img src=x onerror="a()"> & \'b\''),
      '@Asim: &lt;img src=x onerror=&quot;a()&quot;&gt; &amp; &#39;b&#39;',
    ],
    ['code', { kind: 'code', text: 'if  x\n  y' }, '@Asim:<pre>if  x\n  y</pre>'],
    ['JSON', { kind: 'json', text: '{"a":1}' }, '@Asim:<pre>{&quot;a&quot;:1}</pre>'],
    ['a closing tag in code', { kind: 'code', text: '</pre><b>' }, '@Asim:<pre>&lt;/pre&gt;&lt;b&gt;</pre>'],
    [
      'a table',
      {
        kind: 'table',
        columns: [{ title: 'A' }, { title: 'Long' }],
        rows: [
          ['xyz', '1'],
          ['é', '2'],
        ],
      },
      '@Asim:<pre>A    Long\nxyz  1\né    2</pre>',
    ],
    [
      'a link',
      { kind: 'link', label: 'docs', url: 'https://a.test/?a=1&b' },
      '@Asim: docs (https://a.test/?a=1&amp;b)',
    ],
    [
      'fields',
      {
        kind: 'fields',
        fields: [
          { name: 'a', value: '1' },
          { name: 'b', value: '2' },
        ],
      },
      '@Asim: a: 1<br>b: 2',
    ],
    ['a list', { kind: 'list', items: ['x', 'y'] }, '@Asim: x<br>y'],
    [
      'a group',
      { kind: 'group', parts: [text('a'), { kind: 'code', text: 'b' }, { kind: 'actions', actions: [] }, text('c')] },
      '@Asim: a<br><pre>b</pre><br>c',
    ],
    ['a group without a gap', { kind: 'group', gap: 0, parts: [text('a'), text('b')] }, '@Asim: a<br>b'],
    ['control codes', text('a\u001b[2Jb\u202e'), '@Asim: a\\u001b[2Jb\\u202e'],
  ])('shows %s', (_, document, html) => expect(renderHtml(document, '@Asim: ')).toBe(html));

  it('is within the limit of HipChat, or is none', () => {
    expect(renderHtml(text('x'.repeat(maxHtml - 2)), ': ')).toHaveLength(maxHtml);
    expect(renderHtml(text('x'.repeat(maxHtml - 1)), ': ')).toBeUndefined();
    // What counts is what is sent.
    expect(renderHtml(text('<'.repeat(maxHtml / 2)), ': ')).toBeUndefined();
  });

  it('shows whatever it is given, and none of it is alive', () => {
    const piece = oneof(
      string({ unit: 'binary' }),
      constantFrom('<script>', '</pre>', '&lt;', '<br>', '\n', '  ', "'", '"'),
    );
    const words = array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    const document: Arbitrary<Document> = oneof(
      words.map(text),
      words.map((value): Document => ({ kind: 'code', text: value })),
    );
    assert(
      property(document, (shown) => {
        const html = renderHtml(shown, '');
        if (html === undefined || (shown.kind !== 'text' && shown.kind !== 'code')) return;
        const bare = html.replace(/<br>|<\/?pre>/g, (tag) => (tag === '<br>' ? '\n' : ''));
        expect(bare).not.toMatch(/[<>"']/);
        expect(read(bare)).toBe(harmless(shown.text).replaceAll('\t', shown.kind === 'code' ? '\t' : '    '));
      }),
    );
  });
});

const read = (html: string): string =>
  html
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
