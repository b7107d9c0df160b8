import { describe, expect, test } from 'vitest';
import type { State } from '../../src/state/state.ts';

/** What every way to remember must do. `open` may be called again for the same place once the state before it was closed. */
export function stateContract(name: string, place: () => Promise<{ readonly open: () => Promise<State> }>): void {
  const words = (kept: unknown): readonly string[] => {
    if (Array.isArray(kept) && kept.every((each) => typeof each === 'string')) return kept;
    throw new Error('these are no words');
  };

  describe(`state: ${name}`, () => {
    test('a shelf begins empty, and has at once what was put there', async () => {
      const state = await (await place()).open();
      const shelf = await state.shelf('words', words, ['empty']);
      expect(shelf.current).toEqual(['empty']);
      const kept = shelf.replace(['one']);
      expect(shelf.current).toEqual(['one']);
      await kept;
      await state.close();
    });

    test('what was kept is there the next time, shelf by shelf', async () => {
      const { open } = await place();
      const before = await open();
      const first = await before.shelf('first', words, []);
      const second = await before.shelf('second', words, []);
      await Promise.all([first.replace(['a', 'ü', '\u0000', '😀']), second.replace(['b'])]);
      await before.close();
      const after = await open();
      expect((await after.shelf('first', words, [])).current).toEqual(['a', 'ü', '\u0000', '😀']);
      expect((await after.shelf('second', words, [])).current).toEqual(['b']);
      await after.close();
    });

    test('of many values that come at once the last stays', async () => {
      const { open } = await place();
      const before = await open();
      const shelf = await before.shelf('words', words, []);
      await Promise.all(Array.from({ length: 500 }, (_, index) => shelf.replace([String(index)])));
      await before.close();
      const after = await open();
      expect((await after.shelf('words', words, [])).current).toEqual(['499']);
      await after.close();
    });
  });
}
