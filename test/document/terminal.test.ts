import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Document, text } from '../../src/document/document.ts';
import { renderTerminal } from '../../src/document/terminal.ts';

const render = (document: Document): string => renderTerminal(document);

describe('a document in a terminal', () => {
  test('text, code and json stay as they are', () => {
    expect(render(text('two\nlines\tand a tab'))).toBe('two\nlines\tand a tab');
    expect(render({ kind: 'code', text: '  x' })).toBe('  x');
    expect(render({ kind: 'json', text: '{\n\t"a": 1.50\n}' })).toBe('{\n\t"a": 1.50\n}');
  });

  test('a table separates its columns by as many tabs as they ask for', () => {
    const columns = [{ title: 'node', tabs: 2 }, { title: 'started' }, { title: 'gc' }];
    const rows = [
      ['a', 'b', 'c'],
      ['a', '', ''],
    ];
    expect(render({ kind: 'table', columns, rows })).toBe('node\t\tstarted\tgc\na\t\tb\tc\na\t\t\t');
  });

  test('a table on a screen is in columns, however long its cells are', () => {
    const columns = [{ title: 'Id' }, { title: 'Command' }, { title: 'Outcome' }];
    const long = 'x'.repeat(61);
    const rows = [
      ['1', 'list services', 'done'],
      ['12', 'ü', ''],
      ['3', long, 'a\tb'],
    ];
    expect(renderTerminal({ kind: 'table', columns, rows }, { isAligned: true })).toBe(
      `Id  Command        Outcome\n1   list services  done\n12  ü\n3   ${long}  a b`,
    );
  });

  test('on a screen, too, a column that asks for tabs has them', () => {
    const table = { kind: 'table', columns: [{ title: 'node', tabs: 2 }, { title: 'status' }], rows: [['a', 'ok']] };
    const parts = [table as Document];
    expect(renderTerminal({ kind: 'group', parts }, { isAligned: true })).toBe('node\t\tstatus\na\t\tok');
  });

  test('a cell cannot break the table', () => {
    const columns = [{ title: 'a' }, { title: 'b' }];
    expect(render({ kind: 'table', columns, rows: [['1\t2', '3\n4']] })).toBe('a\tb\n1 2\t3 4');
  });

  test('fields and lists are lines', () => {
    const fields = [
      { name: 'Endpoint', value: 'Say.Hello' },
      { name: 'Metadata', value: 'x\ny' },
    ];
    expect(render({ kind: 'fields', fields })).toBe('Endpoint: Say.Hello\nMetadata: x y');
    expect(render({ kind: 'list', items: ['b', 'a\nc'] })).toBe('b\na c');
    expect(render({ kind: 'list', items: [] })).toBe('');
  });

  test('a link shows where it leads', () => {
    expect(render({ kind: 'link', url: 'https://x.example/a', label: 'the site' })).toBe(
      'the site (https://x.example/a)',
    );
    expect(render({ kind: 'link', url: 'https://x.example/a', label: '' })).toBe('https://x.example/a');
  });

  test('a group sets its parts apart by blank lines', () => {
    const parts = [text('a'), text('b')];
    expect(render({ kind: 'group', parts })).toBe('a\n\nb');
    expect(render({ kind: 'group', parts, gap: 0 })).toBe('a\nb');
    expect(render({ kind: 'group', parts: [{ kind: 'group', parts, gap: 2 }, text('c')] })).toBe('a\n\n\nb\n\nc');
  });
});

describe('what a service says', () => {
  test('cannot steer the terminal', () => {
    expect(render(text('\u001b]52;c;aGk=\u0007\u001b[2J'))).toBe('\\u001b]52;c;aGk=\\u0007\\u001b[2J');
    expect(render(text('\u009b31m\u007f\r\b'))).toBe('\\u009b31m\\u007f\\u000d\\u0008');
    expect(render(text('a\u202egnp.exe\u2066'))).toBe('a\\u202egnp.exe\\u2066');
  });

  test('keeps its line ends, whatever system wrote them', () => {
    expect(render(text('a\r\nb\n'))).toBe('a\nb\n');
  });

  test('never reaches the terminal as a control code, whatever it is and wherever it stands', () => {
    const documents = fc.letrec<{ document: Document }>((tie) => ({
      document: fc.oneof(
        { maxDepth: 3 },
        fc.record({ kind: fc.constantFrom('text' as const, 'code' as const, 'json' as const), text: hostile }),
        fc.record({ kind: fc.constant('list' as const), items: fc.array(hostile) }),
        fc.record({
          kind: fc.constant('fields' as const),
          fields: fc.array(fc.record({ name: hostile, value: hostile })),
        }),
        fc.record({ kind: fc.constant('link' as const), url: hostile, label: hostile }),
        fc
          .tuple(hostile, hostile)
          .map(([title, cell]): Document => ({ kind: 'table', columns: [{ title }], rows: [[cell]] })),
        fc.array(tie('document'), { maxLength: 3 }).map((parts): Document => ({ kind: 'group', parts })),
      ),
    })).document;
    fc.assert(
      fc.property(documents, (document) => {
        expect(render(document)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('\u001b', '\u0007', '\u009b', '\r', '\u202e', '\u2066', '\u0000', '\n', '\t'),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''));
