import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createOnce } from '../../src/async/once.ts';
import { withResolvers } from '../../src/async/queue.ts';
import type { Taken } from '../../src/async/taken.ts';
import { fileState } from '../../src/state/files.ts';
import { memoryState } from '../../src/state/memory.ts';
import type { State } from '../../src/state/state.ts';
import { openTaken } from '../../src/state/taken.ts';
import { recordedLog } from '../support/recorded.ts';

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'taken-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** As one run of a bot has it. */
async function run(directory: string, work: (taken: Taken) => Promise<void>): Promise<void> {
  const state = await fileState({ directory });
  try {
    await work(await openTaken({ state, name: 'taken-slack' }));
  } finally {
    await state.close();
  }
}

it('knows in the next run what was kept in this one', async () => {
  const directory = await newDirectory();
  await run(directory, async (taken) => {
    await taken.keep(['a', 'the same as a']);
    // Copies within one run are told apart without it.
    expect(taken.has(['a'])).toBe(false);
  });
  await run(directory, async (taken) => {
    expect([['a'], ['x', 'the same as a'], ['b']].map((keys) => taken.has(keys))).toEqual([true, true, false]);
    const once = createOnce({ taken });
    expect([once.take(['a']), once.take(['b']), once.take(['b'])]).toEqual([false, true, false]);
    await taken.keep(['b']);
  });
  await run(directory, async (taken) => expect(taken.has(['a']) && taken.has(['b'])).toBe(true));
  expect(await readFile(join(directory, 'taken-slack.json'), 'utf8')).not.toContain('same');
});

it('remembers the last thousand, for an hour, also when the clock is set back a little', async () => {
  const state = memoryState();
  let time = Date.UTC(2026, 10, 21);
  const open = (): Promise<Taken> => openTaken({ state, name: 'taken-slack', now: () => time });
  const first = await open();
  for (let count = 0; count < 1_001; count += 1) await first.keep([`key ${count}`]);
  const has = async (key: string): Promise<boolean> => (await open()).has([key]);
  expect([await has('key 0'), await has('key 1')]).toEqual([false, true]);
  time -= 1_800_000;
  expect(await has('key 1')).toBe(true);
  time += 1_800_000 + 3_600_000;
  expect(await has('key 1')).toBe(false);
});

it('keeps nobody waiting when nothing can be kept, and says so once', async () => {
  const log = recordedLog();
  const memory = memoryState();
  const full: State = {
    ...memory,
    async shelf(name, read, empty) {
      const shelf = await memory.shelf(name, read, empty);
      return { current: shelf.current, replace: () => Promise.reject(new Error('the disk is full')) };
    },
  };
  const taken = await openTaken({ state: full, name: 'taken-slack', log });
  await taken.keep(['a']);
  await taken.keep(['b']);
  expect(log.lines.filter((line) => line.startsWith('error: '))).toHaveLength(1);
});

it('begins anew with what cannot be read', async () => {
  const directory = await newDirectory();
  for (const broken of ['{}', '[["a"]]', '[["a","b"]]', 'nothing']) {
    await writeFile(join(directory, 'taken-slack.json'), broken);
    await run(directory, async (taken) => expect(taken.has(['a'])).toBe(false));
  }
});

it('waits 2 s for a disk that hangs, says so once, and waits no more until it answers again', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const log = recordedLog();
  const memory = memoryState();
  const { promise, resolve } = withResolvers<void>();
  const hanging: State = {
    ...memory,
    async shelf(name, read, empty) {
      const shelf = await memory.shelf(name, read, empty);
      return { current: shelf.current, replace: () => promise };
    },
  };
  const taken = await openTaken({ state: hanging, name: 'taken-slack', log });
  const first = taken.keep(['a']);
  await vi.advanceTimersByTimeAsync(2_000);
  await first;
  await taken.keep(['b']);
  expect(log.lines).toEqual(['error: what came cannot be kept: after a new start it may be run twice']);
  resolve();
  await taken.keep(['c']);
  expect(log.lines).toHaveLength(1);
});

it('forgets what an earlier run took while it runs, too: some programs count their messages anew', async () => {
  const state = memoryState();
  let time = Date.UTC(2026, 10, 21);
  const open = (): Promise<Taken> => openTaken({ state, name: 'taken-xmpp', now: () => time });
  await (await open()).keep(['ann 1']);
  const taken = await open();
  expect(taken.has(['ann 1'])).toBe(true);
  time += 3_600_000;
  expect(taken.has(['ann 1'])).toBe(false);
});
