import { expect, it } from 'vitest';
import { newComplaints } from '../../src/discovery/complaints.ts';
import { logLines } from '../support/lines.ts';

it('tells each broken thing once, and stops after a hundred', () => {
  const { log, lines } = logLines();
  const complain = newComplaints(log);
  for (let round = 0; round < 3; round += 1)
    for (let at = 0; at < 150; at += 1) complain(`key ${at}`, 'broken', { at });
  expect(lines).toHaveLength(101);
  expect(new Set(lines.slice(0, 100).map(({ fields }) => fields['at'])).size).toBe(100);
  expect(lines[100]?.message).toBe('more of what is broken is not told any more');
});
