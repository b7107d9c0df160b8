import { withResolvers } from '../async/queue.ts';

/** Lines on their way to a reader who may be slow: those that came meanwhile are taken together. */
export interface Feed {
  push(lines: readonly string[]): void;
  /** Waits for lines. Undefined when the feed has ended. */
  next(): Promise<readonly string[] | undefined>;
  end(): void;
}

/** More lines than these are not kept, only counted. */
const maxLines = 1000;

/** Ends when `signal` aborts, at the latest. */
export function newFeed(signal: AbortSignal): Feed {
  let lines: string[] = [];
  let dropped = 0;
  let isOver = false;
  let news = withResolvers<void>();

  const end = (): void => {
    isOver = true;
    signal.removeEventListener('abort', end);
    news.resolve();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();

  return {
    push(more) {
      const kept = more.slice(0, maxLines - lines.length);
      dropped += more.length - kept.length;
      lines.push(...kept);
      if (lines.length > 0) news.resolve();
    },
    async next() {
      if (lines.length === 0 && !isOver) await news.promise;
      if (isOver) return undefined;
      const taken = dropped === 0 ? lines : [...lines, `… and ${dropped} more`];
      lines = [];
      dropped = 0;
      news = withResolvers();
      return taken;
    },
    end,
  };
}
