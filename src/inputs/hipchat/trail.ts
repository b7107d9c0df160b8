import type { Document } from '../../document/document.ts';

/** What a command reports on its way, told not too often, where nothing that was told can be changed. */
export interface Trail {
  /** Resolves when it was told, or will be told with what comes later. Rejects as telling it does. */
  add(document: Document): Promise<void>;
  /** What was not told yet, and the end: nothing is told any more. */
  end(document: Document): Document;
  /** It ends without a word. */
  drop(): void;
}

export function createTrail(everyMs: number, tell: (document: Document) => Promise<void>): Trail {
  let waiting: Document[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const flush = async (): Promise<void> => {
    const all = together(waiting);
    waiting = [];
    timer = setTimeout(() => {
      timer = undefined;
      // A progress that can't be told is told with what comes later, or is missed.
      if (waiting.length > 0) flush().catch(() => {});
    }, everyMs);
    if (all !== undefined) await tell(all);
  };

  const drop = (): void => {
    isOver = true;
    clearTimeout(timer);
    waiting = [];
  };

  return {
    async add(document) {
      if (isOver) return;
      waiting.push(document);
      if (timer === undefined) await flush();
    },
    end(document) {
      // The end may be the very document that was reported last.
      const all = together([...waiting.filter((reported) => reported !== document), document]);
      drop();
      return all ?? document;
    },
    drop,
  };
}

function together(documents: readonly Document[]): Document | undefined {
  const [first, ...others] = documents;
  return first === undefined || others.length === 0 ? first : { kind: 'group', parts: [first, ...others], gap: 0 };
}
