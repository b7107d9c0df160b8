import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Node } from '../../../src/discovery/registry.ts';
import type { SelectorOptions } from '../../../src/runtime/selector/cached.ts';
import { newSelector } from '../../../src/runtime/selector/cached.ts';
import type { Next } from '../../../src/runtime/selector/selector.ts';

const node = (id: string): Node => ({ id, address: `${id}:1`, metadata: {} });
const nodes = ['one', 'two', 'three'].map(node);
const [one, two, three] = nodes as [Node, Node, Node];
const refused = new Error('refused');

/** Chooses the first candidate: what is chosen tells who is aside. */
function setup(options: Partial<SelectorOptions> = {}, candidates: readonly Node[] = nodes) {
  const seen: string[][] = [];
  const selector = newSelector({
    lookup: (name) => [{ name, version: '1', metadata: {}, endpoints: [], nodes: candidates }],
    strategy(_service, left) {
      seen.push(left.map(({ id }) => id));
      return left[0] as Node;
    },
    ...options,
  });
  const call = (service = 's'): Node => (selector.select(service) as Next)();
  const mark = (service: string, at: Node, error: Error | undefined): void => selector.mark(service, at, error);
  const reset = (service: string): void => selector.reset(service);
  const select = (service: string): Next => selector.select(service) as Next;
  return { mark, reset, select, call, seen };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

describe('a node that keeps failing', () => {
  test('is set aside after so many failures within the window', () => {
    const { mark, call } = setup({ failures: 3, windowMs: 1000 });
    mark('s', one, refused);
    mark('s', one, refused);
    expect(call()).toBe(one);
    vi.advanceTimersByTime(1001);
    mark('s', one, refused);
    mark('s', one, refused);
    expect(call()).toBe(one);
    mark('s', one, refused);
    expect(call()).toBe(two);
  });

  test('is not, when it was reached in between', () => {
    const { mark, call } = setup({ failures: 2 });
    mark('s', one, refused);
    mark('s', one, undefined);
    mark('s', one, refused);
    expect(call()).toBe(one);
  });

  test('is probed by one call at a time, and the others avoid it until the probe succeeds', () => {
    const { mark, call } = setup({ avoidMs: 3000 });
    mark('s', one, refused);
    vi.advanceTimersByTime(2999);
    expect(call()).toBe(two);
    vi.advanceTimersByTime(1);
    expect([call(), call(), call()]).toEqual([one, two, two]);
    mark('s', one, undefined);
    expect([call(), call()]).toEqual([one, one]);
  });

  test('is left alone twice as long after each probe that fails, up to a limit', () => {
    const { mark, call } = setup({ avoidMs: 1000, maxAvoidMs: 4000 });
    mark('s', one, refused);
    for (const ms of [1000, 2000, 4000, 4000]) {
      vi.advanceTimersByTime(ms - 1);
      expect(call()).toBe(two);
      vi.advanceTimersByTime(1);
      expect(call()).toBe(one);
      mark('s', one, refused);
    }
  });

  test('is probed again when nobody tells how a probe ended', () => {
    const { mark, call } = setup({ avoidMs: 1000 });
    mark('s', one, refused);
    vi.advanceTimersByTime(1000);
    expect([call(), call()]).toEqual([one, two]);
    vi.advanceTimersByTime(1000);
    expect([call(), call()]).toEqual([one, two]);
  });

  test('does not stay away longer because calls fail that were under way', () => {
    const { mark, call } = setup({ avoidMs: 1000 });
    for (let late = 0; late < 50; late += 1) mark('s', one, refused);
    vi.advanceTimersByTime(1000);
    expect(call()).toBe(one);
  });

  test('is forgotten when nobody has asked it for long: nodes leave', () => {
    const { mark, call, seen } = setup({ avoidMs: 1000, maxAvoidMs: 2000 });
    const gone = node('gone');
    mark('s', gone, refused);
    vi.advanceTimersByTime(3001);
    call();
    mark('s', one, refused);
    vi.advanceTimersByTime(1000);
    expect(call()).toBe(one);
    expect(seen.at(0)).toEqual(['one', 'two', 'three']);
  });
});

test('when all nodes are aside, all are candidates', () => {
  const { mark, call, seen } = setup();
  for (const each of nodes) mark('s', each, refused);
  call();
  expect(seen.at(-1)).toEqual(['one', 'two', 'three']);
  mark('s', three, undefined);
  expect(call()).toBe(three);
});

test('the only node is never refused', () => {
  const { mark, call } = setup({}, [one]);
  for (let times = 0; times < 20; times += 1) {
    mark('s', one, refused);
    expect(call()).toBe(one);
  }
});

test('one call tries who is aside after everybody else', () => {
  const { mark, select } = setup();
  mark('s', one, refused);
  const next = select('s');
  expect([next(), next(), next(), next()]).toEqual([two, three, one, two]);
});

test('a reset forgives the nodes of one service, not of another', () => {
  const { mark, call, reset } = setup();
  for (const service of ['s', 'other']) mark(service, one, refused);
  reset('s');
  expect([call('s'), call('other')]).toEqual([one, two]);
});
