import { expect, test } from 'vitest';
import { contextKey, newContext, OwnedContext } from '../../src/runtime/context.ts';
import { canonicalName, valueOf } from '../../src/runtime/metadata.ts';
import { until } from '../support/until.ts';

test('values are seen by copies only, the nearest wins, and keys of one name differ', () => {
  const [key, same] = [contextKey<number>('n'), contextKey<number>('n')];
  const base = newContext({ metadata: { Foo: 'bar' }, deadline: 5 });
  const one = base.with(key, 1);
  const two = one.with(key, 2).with(same, 3);
  expect([base.get(key), one.get(key), two.get(key), two.get(same)]).toEqual([undefined, 1, 2, 3]);
  expect([two.metadata, two.deadline, two.header('FOO')]).toEqual([{ Foo: 'bar' }, 5, 'bar']);
  expect(two.signal).toBe(base.signal);
});

test('the signal aborts at the deadline, with a parent, or when it is canceled before anybody asked for it', async () => {
  const late = newContext({ deadline: Date.now() + 5 });
  await until(() => late.signal.aborted);
  expect(late.signal.reason).toMatchObject({ name: 'TimeoutError' });
  const parent = new AbortController();
  const child = newContext({ signal: parent.signal });
  expect(child.signal.aborted).toBe(false);
  parent.abort(new Error('enough'));
  expect(child.signal.reason).toMatchObject({ message: 'enough' });
  expect(newContext({ signal: parent.signal }).signal.aborted).toBe(true);
  const owned = new OwnedContext({}, { Local: 'a' }, undefined);
  owned.cancel(new Error('gone'));
  expect(owned.signal.reason).toMatchObject({ message: 'gone' });
  expect(owned.metadata).toEqual({ Local: 'a' });
});

test('after its end a context no longer listens', () => {
  const parent = new AbortController();
  const owned = new OwnedContext({}, undefined, undefined, parent.signal);
  const { signal } = owned;
  owned.end();
  parent.abort();
  expect(signal.aborted).toBe(false);
  expect(newContext({ deadline: Date.now() - 1 }).signal.aborted).toBe(true);
});

test.each([
  ['foo-bar', 'Foo-Bar'],
  ['FOO-BAR', 'Foo-Bar'],
  ['foo_bar', 'Foo_bar'],
  ['micro-ID', 'Micro-Id'],
  ['x', 'X'],
])('%s is written %s', (name, canonical) => {
  expect(canonicalName(name)).toBe(canonical);
});

test('metadata is found in any spelling, and what every object has is no metadata', () => {
  expect(valueOf({ 'x-TRACE': '1' }, 'X-Trace')).toBe('1');
  expect(valueOf({ 'X-Trace': '1' }, 'x-trace')).toBe('1');
  expect(valueOf({}, 'constructor')).toBeUndefined();
  expect(valueOf({}, '__proto__')).toBeUndefined();
});
