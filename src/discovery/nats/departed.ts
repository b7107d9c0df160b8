/** More nodes than these are not remembered; the oldest are forgotten first. */
const maxDeparted = 10_000;

/**
 * Nodes that said goodbye. Registries of go-micro 1 and 2 go on answering for them until their process ends, so what they answer does not
 * count until they are announced again.
 */
export interface Departed {
  readonly isEmpty: boolean;
  has(key: string): boolean;
  /** False when it had left before. */
  left(key: string): boolean;
  returned(key: string): void;
}

export function newDeparted(): Departed {
  const keys = new Set<string>();
  return {
    get isEmpty() {
      return keys.size === 0;
    },
    has: (key) => keys.has(key),
    left(key) {
      const isNew = !keys.delete(key);
      keys.add(key);
      const [oldest] = keys;
      if (keys.size > maxDeparted && oldest !== undefined) keys.delete(oldest);
      return isNew;
    },
    returned: (key) => void keys.delete(key),
  };
}
