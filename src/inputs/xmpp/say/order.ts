/** What is to be said in one conversation is said one after the other. */
export interface Order {
  /** Does `work` after all that was added to the conversation before, whatever became of that. Undefined when `most` wait there. */
  add(conversation: string, most: number, work: () => Promise<void>): Promise<void> | undefined;
  readonly isIdle: boolean;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}

export function createOrder(): Order {
  const lines = new Map<string, { last: Promise<void>; waiting: number }>();
  return {
    add(conversation, most, work) {
      const line = lines.get(conversation) ?? { last: Promise.resolve(), waiting: 0 };
      if (line.waiting >= most) return undefined;
      lines.set(conversation, line);
      line.waiting += 1;
      const result = line.last.then(work);
      const left = (): void => {
        line.waiting -= 1;
        if (line.waiting === 0) lines.delete(conversation);
      };
      // Whoever added it is told how it ended.
      line.last = result.then(left, left);
      return result;
    },
    get isIdle() {
      return lines.size === 0;
    },
    async idle() {
      while (lines.size > 0) await Promise.all(Array.from(lines.values(), ({ last }) => last));
    },
  };
}
