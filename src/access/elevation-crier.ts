import { orAborted } from '../async/aborted.ts';
import { attempts } from '../async/attempts.ts';
import { deadline } from '../async/deadline.ts';
import type { Audit } from '../audit/audit.ts';
import type { Document } from '../document/document.ts';
import type { Log } from '../log/log.ts';
import type { BreakGlass } from './elevation.ts';

/** A room in which everybody is told. */
export type AnnouncePlace = BreakGlass['announce'][number];

export interface CrierOptions {
  readonly announce: (place: AnnouncePlace, document: Document) => Promise<void>;
  readonly audit: Pick<Audit, 'write'>;
  readonly announceMs: number;
  readonly log: Log;
}

/** Tells everybody. */
export interface Crier {
  /** Says it now, once, and returns the rooms that took it. */
  ask(places: readonly AnnouncePlace[], document: Document): Promise<readonly string[]>;
  /** For what has happened anyway: said again until it is taken. */
  tell(places: readonly AnnouncePlace[], document: Document): void;
  /** For the audit, about what has happened anyway. */
  note(what: string, person: string, details: Readonly<Record<string, string>>): Promise<void>;
  close(): void;
}

export function createCrier({ announce, audit, announceMs, log }: CrierOptions): Crier {
  const closed = new AbortController();
  const untold = (place: AnnouncePlace, error: unknown): void =>
    log.error('a room was not told about broken glass', { ...place, error });

  return {
    async ask(places, document) {
      const told = await Promise.all(
        places.map(async (place) => {
          using limit = deadline(closed.signal, announceMs);
          try {
            await orAborted(announce(place, document), limit.signal);
            return [`${place.input} ${place.room}`];
          } catch (error) {
            untold(place, error);
            return [];
          }
        }),
      );
      return told.flat();
    },
    tell(places, document) {
      for (const place of places) {
        void attempts(async () => announce(place, document), closed.signal).then((error) => {
          if (error !== undefined) untold(place, error);
        });
      }
    },
    async note(what, person, details) {
      try {
        await audit.write({ kind: 'note', what, person, details });
      } catch (error) {
        log.error('the audit lacks a note about broken glass', { what, person, error });
      }
    },
    close: () => closed.abort(),
  };
}
