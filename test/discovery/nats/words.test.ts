import { expect, it } from 'vitest';
import { announcementText, questionText, readAnnouncement, readQuestion } from '../../../src/discovery/nats/words.ts';
import { node, service } from '../../contract/registry.ts';

it('asks as go-micro does', () => {
  expect(questionText(undefined)).toBe('{"Action":"list","Service":null}');
  expect(questionText('a/<é>')).toBe(
    '{"Action":"get","Service":{"name":"a/\\u003cé\\u003e","version":"","metadata":null,"endpoints":null,"nodes":null}}',
  );
});

it('tells as go-micro does', () => {
  const record = { ...service('greeter', '1', node('one', 8080, { zone: 'a' })), endpoints: [] };
  expect(announcementText('create', record)).toBe(
    '{"Action":"create","Service":{"name":"greeter","version":"1","metadata":null,"endpoints":null,' +
      '"nodes":[{"id":"one","address":"127.0.0.1:8080","metadata":{"zone":"a"}}]}}',
  );
});

it.each([
  [questionText('greeter'), { kind: 'one', name: 'greeter' }],
  [questionText(undefined), { kind: 'all' }],
  // Version 6 writes its members in this order.
  ['{"Service":{"NAME":"greeter"},"action":"get"}', { kind: 'one', name: 'greeter' }],
  ['{"Action":"get","Service":null}', undefined],
  ['{"Action":"get","Service":{"name":1}}', undefined],
  ['{"Action":"create","Service":{"name":"greeter"}}', undefined],
  ['{"Action":["list"]}', undefined],
  ['null', undefined],
  ['[]', undefined],
  ['"list"', undefined],
  ['', undefined],
  ['{', undefined],
])('reads the question %j', (text, wanted) => {
  expect(readQuestion(text)).toEqual(wanted);
});

it.each([
  ['{"Action":"create","Service":{}}', { kind: 'here', service: {} }],
  ['{"Service":{},"Action":"update"}', { kind: 'here', service: {} }],
  ['{"action":"put","service":{}}', { kind: 'here', service: {} }],
  ['{"Action":"delete","Service":null}', { kind: 'gone', service: null }],
  ['{"Action":"override","Service":{}}', undefined],
  ['{"Action":"get","Service":{}}', undefined],
  ['7', undefined],
  ['no', undefined],
])('reads the announcement %j', (text, announcement) => {
  expect(readAnnouncement(text)).toEqual(announcement);
});
