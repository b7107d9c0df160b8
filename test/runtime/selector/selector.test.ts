import { expect, test } from 'vitest';
import type { Node, ServiceRecord } from '../../../src/discovery/registry.ts';
import type { Filter } from '../../../src/runtime/client/client.ts';
import { newSelector } from '../../../src/runtime/selector/cached.ts';
import { filterEndpoint, filterLabel, filterVersion } from '../../../src/runtime/selector/filters.ts';
import type { Next } from '../../../src/runtime/selector/selector.ts';
import { SelectorError } from '../../../src/runtime/selector/selector.ts';
import { random, roundRobin } from '../../../src/runtime/selector/strategy.ts';

const node = (id: string, metadata: Readonly<Record<string, string>> = {}): Node => ({
  id,
  address: `${id}:1`,
  metadata,
});

function record(version: string, nodes: readonly Node[], endpoint?: string): ServiceRecord {
  const endpoints =
    endpoint === undefined ? [] : [{ name: endpoint, request: undefined, response: undefined, metadata: {} }];
  return { name: 's', version, metadata: {}, endpoints, nodes };
}

const latest = record('latest', [node('one')], 'A.Old');
const v1 = record('v1', [node('two'), node('three', { key: 'value1' })], 'A.New');
const records = [latest, v1];

const ids = (next: Next, times = 60): string[] => [...new Set(Array.from({ length: times }, () => next().id))].sort();

test.each<[string, readonly Filter[], readonly string[]]>([
  ['no filter', [], ['one', 'three', 'two']],
  ['a version', [filterVersion('v1')], ['three', 'two']],
  ['a version and a label', [filterVersion('v1'), filterLabel('key', 'value1')], ['three']],
  ['an endpoint', [filterEndpoint('A.Old')], ['one']],
])('%s leaves these nodes', (_what, filters, expected) => {
  const selector = newSelector({ lookup: () => records });
  const seen = Array.from({ length: 60 }, () => (selector.select('s', filters) as Next)().id);
  expect([...new Set(seen)].sort()).toEqual(expected);
});

test('nobody registered is another error than nobody left', async () => {
  const code = (lookup: () => readonly ServiceRecord[], ...filters: Filter[]): unknown => {
    try {
      void newSelector({ lookup }).select('s', filters);
      return 'none';
    } catch (error) {
      return error instanceof SelectorError ? error.code : error;
    }
  };
  expect(code(() => [])).toBe('not_found');
  expect(code(() => [record('1', [])])).toBe('none_available');
  expect(code(() => records, filterVersion('v2'))).toBe('none_available');
  await expect(newSelector({ lookup: () => Promise.resolve([]) }).select('s')).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('what is known is chosen from at once, what is not is waited for', async () => {
  expect(newSelector({ lookup: () => records }).select('s')).toBeTypeOf('function');
  const next = newSelector({ lookup: async () => records }).select('s');
  expect(next).toBeInstanceOf(Promise);
  expect((await next)().address).toMatch(/:1$/);
});

test('one call tries every node before it tries one again', () => {
  for (const strategy of [random, roundRobin()]) {
    const next = newSelector({ lookup: () => records, strategy }).select('s') as Next;
    expect(ids(next, 3)).toEqual(['one', 'three', 'two']);
    expect(ids(next, 9).length).toBeGreaterThan(0);
  }
});

test('round robin goes on over calls, each service by itself', () => {
  const selector = newSelector({
    lookup: () => [
      record(
        '1',
        ['a', 'b', 'c'].map((id) => node(id)),
      ),
    ],
    strategy: roundRobin(),
  });
  const turn = (service: string): string => (selector.select(service) as Next)().id;
  const seen = Array.from({ length: 6 }, () => {
    turn('other');
    return turn('s');
  });
  expect(new Set(seen.slice(0, 3)).size).toBe(3);
  expect(seen.slice(3)).toEqual(seen.slice(0, 3));
});

test('a node that could not be reached comes last until it is reached or forgiven', () => {
  const [one, two] = [node('one'), node('two')];
  const selector = newSelector({ lookup: () => [record('1', [one, two])], avoidMs: 60_000 });
  const first = (): string[] => ids(() => (selector.select('s') as Next)());
  selector.mark('s', one, new Error('refused'));
  expect(first()).toEqual(['two']);
  const next = selector.select('s') as Next;
  expect([next().id, next().id]).toEqual(['two', 'one']);
  selector.mark('s', two, new Error('refused'));
  expect(first()).toEqual(['one', 'two']);
  selector.mark('s', one, undefined);
  expect(first()).toEqual(['one']);
  selector.reset('s');
  expect(first()).toEqual(['one', 'two']);
});

test('a mark is forgotten after its time', async () => {
  const one = node('one');
  const selector = newSelector({ lookup: () => [record('1', [one, node('two')])], avoidMs: 0 });
  selector.mark('s', one, new Error('refused'));
  expect(ids(() => (selector.select('s') as Next)())).toEqual(['one', 'two']);
});
