import { expect, test } from 'vitest';
import { createClosers } from '../../src/async/closers.ts';

test('what was opened last is closed first, also behind one that fails', async () => {
  const closers = createClosers();
  const closed: string[] = [];
  const opened = (name: string, error?: Error): { close(): Promise<void> } => ({
    close: async () => {
      closed.push(name);
      if (error !== undefined) throw error;
    },
  });
  closers.keep(opened('state'));
  closers.keep(opened('audit', new Error('disk full')));
  closers.keep(opened('rules'));
  await expect(closers.close()).rejects.toThrow('disk full');
  expect(closed).toEqual(['rules', 'audit', 'state']);
  await closers.close();
  expect(closed).toHaveLength(3);
});
