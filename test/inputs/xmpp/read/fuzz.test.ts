import * as fc from 'fast-check';
import { createElement as xml, type Element } from '@xmpp/xml';
import { expect, test } from 'vitest';
import { readEncrypted } from '../../../../src/inputs/xmpp/read/encrypted.ts';
import { readMessage } from '../../../../src/inputs/xmpp/read/message.ts';
import { own } from './stanza.ts';

const words = [
  '',
  'x',
  '0',
  '-1',
  '1e9',
  'micro: x',
  'alice@chat.test',
  'ops@rooms.chat.test/alice',
  'xmpp:%',
  '__proto__',
];
const value = fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' }));
const names = [
  'message',
  'body',
  'delay',
  'x',
  'reply',
  'fallback',
  'reference',
  'stanza-id',
  'origin-id',
  'received',
  'encrypted',
  'a:body',
  ':',
];
const namespaces = [
  'jabber:client',
  'urn:xmpp:delay',
  'urn:xmpp:reply:0',
  'urn:xmpp:fallback:0',
  'urn:xmpp:reference:0',
  'urn:xmpp:sid:0',
  'urn:xmpp:carbons:2',
  'http://jabber.org/protocol/muc#user',
  '',
];
const keys = ['from', 'to', 'type', 'id', 'by', 'for', 'start', 'end', 'uri', 'stamp', 'xml:lang', 'constructor'];

const element = fc.letrec<{ element: Element }>((tie) => ({
  element: fc
    .record({
      name: fc.constantFrom(...names),
      namespace: fc.constantFrom(...namespaces),
      attributes: fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 }),
      children: fc.array(fc.oneof({ depthSize: 'small' }, value, tie('element')), { maxLength: 4 }),
    })
    .map(({ name, namespace, attributes, children }) =>
      xml(name, { ...attributes, ...(namespace === '' ? {} : { xmlns: namespace }) }, ...children),
    ),
})).element;

test('any stanza is read or not, and never throws', () => {
  fc.assert(
    fc.property(fc.array(element, { maxLength: 6 }), value, value, (children, from, type) => {
      const stanza = xml('message', { from, type }, ...children);
      const said = readMessage(stanza, own);
      readEncrypted(stanza, own);
      if (said !== undefined) expect(said.keys.length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

test('any text comes as it is, apart from what nobody typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const stanza = xml('message', { from: 'alice@chat.test/a', type: 'chat' }, xml('body', {}, text));
      const plain = text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/[\u00a0\u2007\u202f]/g, ' ');
      const wanted = plain.replace(/^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$/g, '');
      if (!plain.includes('`')) expect(readMessage(stanza, own)?.text ?? '').toBe(wanted);
    }),
  );
});

test.each([
  ['backticks', `x ${'`'.repeat(60_000)}`],
  ['open fences', '``` x '.repeat(10_000)],
  ['spaces', `${' '.repeat(60_000)}x`],
  ['spaces inside', `x${' '.repeat(60_000)}x`],
  ['equals and backticks', '=`'.repeat(30_000)],
])('%s without an end take no time', (_, body) => {
  const stanza = xml('message', { from: 'alice@chat.test/a', type: 'chat' }, xml('body', {}, body));
  expect(readMessage(stanza, own)).toBeDefined();
});
