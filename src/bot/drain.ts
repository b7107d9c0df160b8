import { sleep } from '../async/sleep.ts';
import { type Document, text } from '../document/document.ts';

/** A document that is followed by the end within this time was no progress but the answer. */
const holdMs = 50;

/**
 * Shows all but the last of `documents` as progress, as soon as they come, and returns the last. One that was shown because nothing
 * followed for a while is returned all the same when the end comes after all. Stops reading when `over` becomes true.
 */
export async function drain(
  documents: AsyncIterable<Document>,
  progress: (document: Document) => Promise<void>,
  over: () => boolean,
): Promise<Document> {
  const iterator = documents[Symbol.asyncIterator]();
  let last: Document = text('done');
  let next = iterator.next();
  for (;;) {
    const step = await next;
    if (step.done === true) return last;
    last = step.value;
    if (over()) {
      await iterator.return?.();
      return last;
    }
    next = iterator.next();
    if (!(await endsSoon(next))) await progress(last);
  }
}

async function endsSoon(next: Promise<IteratorResult<Document>>): Promise<boolean> {
  const waited = new AbortController();
  try {
    return await Promise.race([
      next.then(
        ({ done }) => done === true,
        // It is read again, and fails there.
        () => false,
      ),
      sleep(holdMs, waited.signal).then(() => false),
    ]);
  } finally {
    waited.abort();
  }
}
