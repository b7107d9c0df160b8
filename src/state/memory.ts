import type { State } from './state.ts';

/** Remembers until this process ends: for tests, and for a bot that is to leave no traces. */
export function memoryState(): State {
  const values = new Map<string, unknown>();
  return {
    async shelf(name, read, empty) {
      const kept = values.get(name);
      let current = kept === undefined ? empty : await read(structuredClone(kept));
      return {
        get current() {
          return current;
        },
        async replace(value) {
          current = value;
          values.set(name, structuredClone(value));
        },
      };
    },
    async close() {},
  };
}
