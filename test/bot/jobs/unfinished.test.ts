import { expect, onTestFinished, test } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import type { About } from '../../../src/audit/audit.ts';
import { reporting } from '../../../src/bot/jobs/unfinished.ts';
import { renderTerminal } from '../../../src/document/terminal.ts';
import { silent } from '../../../src/log/log.ts';
import { until } from '../../support/until.ts';

const began = (id: string, more: Partial<About> = {}): About & { readonly at: string } => ({
  id,
  at: '2025-03-01T10:00:00.000Z',
  person: 'ann',
  input: 'slack',
  user: 'U1',
  room: 'ops',
  command: 'hold',
  line: `hold ${id}`,
  isMasked: false,
  cause: 'message',
  decision: '',
  ...more,
});

test('whoever waited for what ran when the bot went down is told once, a message a place', async () => {
  const told: string[] = [];
  const report = reporting({
    unfinished: [
      began('1'),
      began('2', { person: 'ben', line: `hold ${'x'.repeat(200)}` }),
      began('3', { thread: '17.3' }),
      began('4', { cause: 'approval K7QD-2M' }),
      began('5', { cause: 'schedule s1' }),
      ...Array.from({ length: 30 }, (_, index) => began(String(index + 10), { room: 'busy' })),
    ],
    announce: async (input, place, document) =>
      void told.push(`${input} ${JSON.stringify(place)}\n${renderTerminal(document)}`),
    log: silent,
  });
  onTestFinished(() => report.close());
  report.begin();
  await until(() => told.length === 3);
  const words =
    'I went down while this ran, and what became of it is unknown. It is not run again by itself: look first, then say rerun and its number.';
  expect(told.slice(0, 2)).toEqual([
    `slack {"kind":"room","room":"ops"}\n${words}\n1: hold 1, by ann, since 2025-03-01 10:00:00 UTC\n2: hold ${'x'.repeat(74)}…, by ben, since 2025-03-01 10:00:00 UTC`,
    `slack {"kind":"room","room":"ops","thread":"17.3"}\n${words}\n3: hold 3, by ann, since 2025-03-01 10:00:00 UTC`,
  ]);
  expect(told[2]?.split('\n')).toHaveLength(23);
  expect(told[2]).toContain('… and 10 more: see history');
});

test('what cannot be said is tried again, and no more when the bot goes', async () => {
  const tries = [withResolvers<void>(), withResolvers<void>()];
  let count = 0;
  const report = reporting({
    unfinished: [began('1')],
    announce: () => {
      tries[count]?.resolve();
      count += 1;
      return Promise.reject(new Error('away'));
    },
    log: silent,
  });
  report.begin();
  await Promise.all(tries.map(({ promise }) => promise));
  report.close();
  expect(count).toBe(2);
});
