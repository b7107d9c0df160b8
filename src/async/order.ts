/** What is to be done in one conversation happens one after the other. Conversations of a channel share how much may wait; one without others is named alone. */
export interface Order {
  /** Does `work` after all that was added to the conversation before, whatever became of that. Undefined when `most` wait in the channel. */
  add<T>(channel: string, conversation: string, most: number, work: () => Promise<T>): Promise<T> | undefined;
  readonly isIdle: boolean;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}

export function createOrder(): Order {
  const last = new Map<string, Promise<void>>();
  const waiting = new Map<string, number>();

  const leave = (channel: string): void => {
    const left = (waiting.get(channel) ?? 1) - 1;
    if (left === 0) waiting.delete(channel);
    else waiting.set(channel, left);
  };

  return {
    add(channel, conversation, most, work) {
      const before = waiting.get(channel) ?? 0;
      if (before >= most) return undefined;
      waiting.set(channel, before + 1);
      const key = `${channel} ${conversation}`;
      const result = (last.get(key) ?? Promise.resolve()).then(work);
      const settled = ended(result).then(() => {
        leave(channel);
        if (last.get(key) === settled) last.delete(key);
      });
      last.set(key, settled);
      return result;
    },
    get isIdle() {
      return last.size === 0;
    },
    async idle() {
      while (last.size > 0) await Promise.all(last.values());
    },
  };
}

/** Whoever added it is told how. */
const ended = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => {},
    () => {},
  );
