import { expect, test } from 'vitest';
import { readMessage } from '../../../../src/inputs/xmpp/read/message.ts';
import { own, stanza } from './stanza.ts';

interface Parts {
  readonly from?: string;
  readonly id?: string;
  readonly body?: string;
  readonly more?: string;
}

const keys = ({ from = 'alice@chat.test/a', id, body = 'list services', more = '' }: Parts): readonly string[] => {
  const attribute = id === undefined ? '' : ` id='${id}'`;
  const type = from.startsWith('ops@') ? 'groupchat' : 'chat';
  const text = `<message type='${type}' from='${from}'${attribute}><body>${body}</body>${more}</message>`;
  return readMessage(stanza(text), own)?.keys ?? [];
};

const areSame = (one: Parts, other: Parts): boolean => keys(one).some((key) => keys(other).includes(key));
const sid = (name: string, by: string, id: string): string =>
  `<${name} xmlns='urn:xmpp:sid:0'${by === '' ? '' : ` by='${by}'`} id='${id}'/>`;
const own1 = sid('stanza-id', 'micro@chat.test', 's1');

test('a copy is the same thing', () => {
  expect(areSame({ id: '1' }, { id: '1' })).toBe(true);
  expect(areSame({ id: '1', more: own1 }, { id: '1', more: own1 })).toBe(true);
});

test('said again by a program that lost its connection', () => {
  const more = sid('origin-id', '', 'o1');
  expect(areSame({ id: 'o1', more: own1 + more }, { from: 'alice@chat.test/b', id: 'o1', more })).toBe(true);
});

test('two things with one id: a program that counts from the same number each time', () => {
  expect(areSame({ id: 'aac4a' }, { id: 'aac4a', body: 'list routes' })).toBe(false);
  const stamped = (id: string): Parts => ({ id: 'aac4a', more: sid('stanza-id', 'micro@chat.test', id) });
  expect(areSame(stamped('s1'), stamped('s2'))).toBe(false);
});

test('two things without an id are two', () => {
  expect(areSame({}, {})).toBe(false);
});

test("nobody can take another's message away by its key", () => {
  const mallory = { from: 'mallory@chat.test/a' };
  expect(areSame({ id: '1', more: own1 }, { ...mallory, id: '1', more: own1 })).toBe(false);
  const origin = sid('origin-id', '', 'o1');
  expect(areSame({ id: '1', more: origin }, { ...mallory, id: '1', more: origin })).toBe(false);
  const room = sid('stanza-id', 'ops@rooms.chat.test', 's1');
  expect(
    areSame({ from: 'ops@rooms.chat.test/alice', more: room }, { from: 'ops@rooms.chat.test/bob', more: room }),
  ).toBe(false);
});

test.each([
  ['a stamp by nobody', sid('stanza-id', '', 's1')],
  ['a stamp by another server', sid('stanza-id', 'evil.test', 's1')],
  ['a stamp by its own author', sid('stanza-id', 'alice@chat.test', 's1')],
  ['two stamps', own1 + sid('stanza-id', 'micro@chat.test', 's2')],
  ['a stamp without an id', `<stanza-id xmlns='urn:xmpp:sid:0' by='micro@chat.test'/>`],
])('%s is none', (_, more) => {
  expect(areSame({ id: '1', more }, { id: '2', more })).toBe(false);
  expect(areSame({ id: '1', more }, { id: '1', more })).toBe(true);
});
