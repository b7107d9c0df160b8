import { expect, onTestFinished, test, vi } from 'vitest';
import { type Resolvers, withResolvers } from '../../src/async/queue.ts';
import type { Store } from '../../src/audit/store.ts';
import { createWriter } from '../../src/audit/writer.ts';
import { about } from '../contract/audit.ts';
import { recordedLog } from '../support/recorded.ts';

test('a disk that does not answer is asked once, told once, and asked again for what came meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const log = recordedLog();
  const asked: Resolvers<void>[] = [];
  const store: Store = {
    append: async () => {},
    sync() {
      const one = withResolvers<void>();
      asked.push(one);
      return one.promise;
    },
    look: async () => undefined,
    isFull: false,
    rotate: async () => [],
    close: async () => {},
  };
  const writer = createWriter({ store, head: { seq: 0, hash: '' }, lastId: 0, running: [], log, now: () => 0 });
  for (let id = 1; id <= 20; id += 1) {
    await writer.write({ kind: 'denied', ...about(String(id)) });
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect([asked.length, log.lines]).toEqual([1, ['error: the disk of the audit does not answer']]);
  asked[0]?.resolve();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(2);
  asked[1]?.resolve();
  await vi.advanceTimersByTimeAsync(20_000);
  expect([asked.length, log.lines.length]).toEqual([2, 1]);
});
