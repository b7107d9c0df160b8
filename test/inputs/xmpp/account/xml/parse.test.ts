import type { Element } from '@xmpp/xml';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XmlError } from '../../../../../src/inputs/xmpp/account/xml/error.ts';
import { createParser, defaultLimits } from '../../../../../src/inputs/xmpp/account/xml/parse.ts';

const header =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

interface Parsed {
  readonly elements: readonly Element[];
  readonly hasEnded: boolean;
}

/** Throws an `XmlError`. */
function parse(pieces: readonly string[]): Parsed {
  const elements: Element[] = [];
  let hasEnded = false;
  const parser = createParser({
    start: () => {},
    element: (element) => elements.push(element),
    end: () => {
      hasEnded = true;
    },
  });
  for (const piece of pieces) parser.write(piece);
  return { elements, hasEnded };
}

const texts = (...pieces: readonly string[]): readonly string[] => parse([header, ...pieces]).elements.map(String);

function conditionOf(pieces: readonly string[]): string {
  try {
    parse(pieces);
  } catch (error) {
    if (error instanceof XmlError) return error.condition;
    throw error;
  }
  return 'none';
}

describe('the parser of streams', () => {
  it('reads elements, attributes, text, references and CDATA', () => {
    expect(
      texts(
        `<message to="a'b" from='c"d'>\r\n<body>1 &lt; 2 &amp; &#x1F600;&#65; <![CDATA[<b> & ]]]></body></message> \n <r xmlns='urn:xmpp:sm:3' />`,
      ),
    ).toEqual([
      '<message to="a&apos;b" from="c&quot;d" xmlns="jabber:client">\n<body>1 &lt; 2 &amp; 😀A &lt;b&gt; &amp; ]</body></message>',
      '<r xmlns="urn:xmpp:sm:3"/>',
    ]);
  });

  it('makes the same of every way to write a namespace', () => {
    const [plain, prefixed] = parse([
      header,
      `<message><x xmlns='urn:x'><y/></x></message><c:message xmlns:c='jabber:client' xmlns:p='urn:x'><p:x><p:y/></p:x></c:message>`,
    ]).elements;
    expect(String(prefixed)).toBe(String(plain));
    expect(prefixed?.getChild('x', 'urn:x')?.getChild('y', 'urn:x')).toBeDefined();
    expect(prefixed?.getChild('x', 'jabber:client')).toBeUndefined();
  });

  it('leaves out what is in no namespace, which would be taken for its parent', () => {
    expect(texts(`<message><body xmlns=''>no<i/></body><body>yes</body></message>`, `<message xmlns=''/>`)).toEqual([
      '<message xmlns="jabber:client"><body>yes</body></message>',
    ]);
  });

  it('keeps names that mean something to JavaScript apart', () => {
    const [element] = parse([header, `<message __proto__='x' constructor='y'><toString/></message>`]).elements;
    expect(Object.getPrototypeOf(element?.attrs)).toBe(Object.prototype);
    expect(element?.attrs['constructor']).toBe('y');
  });

  it('tells the end of the stream, and reads nothing after it', () => {
    expect(parse([header, '</stream:stream><!DOCTYPE']).hasEnded).toBe(true);
  });

  it.each<[string, string, string]>([
    ['a document type', 'restricted-xml', `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>`],
    ['an entity', 'restricted-xml', '<message><body>&b;</body></message>'],
    ['an entity in an attribute', 'restricted-xml', `<message to='&xxe;'/>`],
    ['a comment', 'restricted-xml', '<message><!-- x --></message>'],
    ['a processing instruction', 'restricted-xml', '<?php echo 1 ?>'],
    ['a second declaration', 'restricted-xml', `<?xml version='1.0'?>`],
    ['crossed tags', 'not-well-formed', '<a><b></a></b>'],
    ['a closing tag of another prefix', 'not-well-formed', `<a:b xmlns:a='urn:a' xmlns:c='urn:a'></c:b>`],
    ['a stray closing tag', 'not-well-formed', '</message>'],
    ['an attribute twice', 'not-well-formed', `<message from='a' from='b'/>`],
    ['an attribute without quotes', 'not-well-formed', '<message from=a/>'],
    ['an attribute without a value', 'not-well-formed', '<message from/>'],
    ['attributes without a gap', 'not-well-formed', `<message from='a'to='b'/>`],
    ['an angle in an attribute', 'not-well-formed', `<message from='<'/>`],
    ['a name that is none', 'not-well-formed', '<1/>'],
    ['an empty tag', 'not-well-formed', '<>'],
    ['an attribute of a closing tag', 'not-well-formed', `<a></a b='c'>`],
    ['a lone ampersand', 'not-well-formed', '<body>a & b</body>'],
    ['a reference to no character', 'not-well-formed', '<body>&#0;</body>'],
    ['a reference to half a character', 'not-well-formed', '<body>&#xD800;</body>'],
    ['a reference beyond Unicode', 'not-well-formed', '<body>&#x110000;</body>'],
    ['a control character', 'not-well-formed', '<body>\u0000</body>'],
    ['a control character in CDATA', 'not-well-formed', '<body><![CDATA[\u0001]]></body>'],
    ['text between stanzas', 'not-well-formed', 'hello'],
    ['a prefix that stands for nothing', 'bad-namespace-prefix', '<evil:message/>'],
    ['a prefix of an attribute that stands for nothing', 'bad-namespace-prefix', `<message evil:to='x'/>`],
    ['a prefix for nothing', 'bad-namespace-prefix', `<message xmlns:a=''/>`],
    ['a reserved prefix', 'bad-namespace-prefix', `<message xmlns:xml='urn:x'/>`],
    ['too deep', 'policy-violation', '<a>'.repeat(101)],
    ['too many elements', 'policy-violation', `<a>${'<b/>'.repeat(10_001)}`],
    [
      'too many attributes',
      'policy-violation',
      `<a ${Array.from({ length: 65 }, (_, at) => `a${at}='1'`).join(' ')}/>`,
    ],
    ['too long a tag', 'policy-violation', `<a b='${'x'.repeat(70_000)}`],
    ['too large', 'policy-violation', `<a>${'x'.repeat(defaultLimits.chars)}`],
  ])('refuses %s', (_, condition, text) => {
    expect(conditionOf([header, text])).toBe(condition);
    expect(conditionOf([header, ...Array.from(text)])).toBe(condition);
  });

  it.each<[string, string, string]>([
    ['another encoding', 'unsupported-encoding', `<?xml version='1.0' encoding='ISO-8859-1'?>`],
    ['no stream', 'invalid-namespace', `<html xmlns='jabber:client'>`],
    ['a stream of servers', 'invalid-namespace', header.replace('jabber:client', 'jabber:server')],
    ['a stream that is empty', 'not-well-formed', header.replace(/>$/, '/>')],
    ['text first', 'not-well-formed', 'HTTP/1.1 400 Bad Request\r\n\r\n<'],
  ])('refuses %s as a beginning', (_, condition, text) => {
    expect(conditionOf([text])).toBe(condition);
  });

  it('takes many elements one after the other', () => {
    const many = `<message><body>${'x'.repeat(1000)}</body></message>`.repeat(3_000);
    expect(texts(many)).toHaveLength(3_000);
  });

  it('does not care where the pieces begin', () => {
    const all = `${header}<message to='é&amp;"'><body>a\r\nb\r &#13;&lt;<![CDATA[ ]] ]]> 😀</body></message>\n<a:b xmlns:a='urn:a' c="d>e"/>`;
    const whole = parse([all]).elements.map(String);
    fc.assert(
      fc.property(fc.array(fc.nat(all.length - 1), { maxLength: 30 }), (cuts) => {
        const at = [0, ...cuts, all.length].toSorted((one, other) => one - other);
        const pieces = at.slice(1).map((end, index) => all.slice(at[index], end));
        expect(parse(pieces).elements.map(String)).toEqual(whole);
      }),
    );
  });

  it('reads back what an element says, whatever it is', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (to, body) => {
        const [element] = parse([
          header,
          `<message to='${escaped(to)}'><body>${escaped(body)}</body></message>`,
        ]).elements;
        expect(element?.attrs['to']).toBe(to);
        expect(element?.getChildText('body') ?? '').toBe(body);
      }),
    );
  });

  it('takes anything or throws an error of its own', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '</',
        '/>',
        '<!',
        '<?',
        '?>',
        '<![CDATA[',
        ']]>',
        '&',
        ';',
        '&#',
        '"',
        "'",
        '=',
        ' ',
        'xmlns',
        ':',
        'a',
        '<a>',
        '</a>',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(() => conditionOf([header, ...pieces])).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});

const escaped = (text: string): string => text.replace(/[&<>"'\r\n\t]/g, (char) => `&#${char.charCodeAt(0)};`);
