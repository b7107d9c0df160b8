import { expect, it, onTestFinished } from 'vitest';
import { memoryAudit } from '../../src/audit/memory.ts';
import { about, auditContract } from '../contract/audit.ts';

auditContract('memory', async (now) => {
  const audit = memoryAudit({ now });
  onTestFinished(() => audit.close());
  return audit;
});

it('forgets the oldest, and what is left is whole', async () => {
  const audit = memoryAudit({ most: 10 });
  for (let id = 1; id <= 57; id += 1) await audit.write({ kind: 'denied', ...about(String(id)) });
  const records = await audit.find({}, 1_000);
  expect(records.map(({ seq }) => seq)).toEqual([48, 49, 50, 51, 52, 53, 54, 55, 56, 57]);
  expect(await audit.verify(audit.head.hash)).toMatchObject({ records: 10, found: 57, isWhole: true });
});
