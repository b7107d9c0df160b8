import { text } from '../../document/document.ts';
import type { Log } from '../../log/log.ts';
import { type Book, idOf } from './book.ts';
import { showTime } from './shown.ts';
import type { Voice } from './voice.ts';

/** Tells of what ran when the bot went down: it may have been done, so it is not done again. */
export async function tellLost(book: Book, voice: Voice, zone: string, log: Log): Promise<void> {
  const lost = [...book.entries.values()].filter(({ kept }) => kept.runningSince !== undefined);
  if (lost.length === 0) return;
  for (const entry of lost) book.remove(entry);
  await book.save().catch((error: unknown) => log.error('schedules could not be kept', { error }));
  for (const { kept } of lost) {
    const since = showTime(kept.runningSince ?? 0, zone);
    const words = `${idOf(kept)} ran since ${since} when I went down, and what became of it is unknown: ${kept.line}`;
    await voice.note('schedule unknown', kept);
    void voice.tell(kept, text(words));
  }
}
