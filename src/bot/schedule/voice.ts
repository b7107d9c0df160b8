import type { Audit } from '../../audit/audit.ts';
import type { Document } from '../../document/document.ts';
import type { Log } from '../../log/log.ts';
import { causeOf } from './book.ts';
import type { Kept } from './kept.ts';
import type { Teller } from './teller.ts';

/** What a schedule has to say: to the people of its place, and to those who look after the bot. Nothing of it rejects. */
export interface Voice {
  tell(kept: Kept, document: Document, kind?: 'answer' | 'error'): Promise<void>;
  note(what: string, kept: Kept, details?: Readonly<Record<string, string>>): Promise<void>;
}

export const createVoice = (teller: Teller, audit: Pick<Audit, 'write'> | undefined, log: Log): Voice => ({
  tell: (kept, document, kind = 'answer') => teller.tell(kept.identity.input, kept.place, document, kind),
  async note(what, kept, details = {}) {
    const { person, identity, place, line, shown } = kept;
    try {
      await audit?.write({
        kind: 'note',
        what,
        person,
        details: { schedule: causeOf(kept), when: shown, line, input: identity.input, room: place.room, ...details },
      });
    } catch (error) {
      log.error('what became of a schedule is missing in the audit', { what, schedule: causeOf(kept), error });
    }
  },
});
