import { attempts } from '../../async/attempts.ts';
import type { Audit, AuditEvent } from '../../audit/audit.ts';
import type { Caller } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import type { Place } from '../../inputs/input.ts';
import type { Log } from '../../log/log.ts';
import { showCode } from '../../async/codes.ts';
import type { Request } from './request.ts';

/** Where somebody is told something that nobody there typed for. */
export interface Where {
  /** The input's name. */
  readonly input: string;
  readonly place: Place;
}

export interface NoticesOptions {
  readonly audit: Pick<Audit, 'write'>;
  /** Rejects when it could not be said. Absent: nobody is told what they did not ask for just now. */
  readonly announce?: ((where: Where, document: Document) => Promise<void>) | undefined;
  readonly log: Log;
}

/** What is noted in the audit and told to people about a request. */
export interface Notices {
  /** Rejects when the audit cannot be written: then what was to be done is not. */
  record(what: string, person: string, request: Request, details?: Readonly<Record<string, string>>): Promise<void>;
  /** For what has happened anyway: a failure is logged. */
  note(what: string, person: string, details: Readonly<Record<string, string>>): Promise<void>;
  noteOf(what: string, person: string, request: Request, details?: Readonly<Record<string, string>>): Promise<void>;
  /** Says a sentence where the request came from, in a while when the network is out of reach. `caller` read it already, if they are there. */
  tell(request: Request, sentence: string, caller?: Caller): void;
  close(): void;
}

export function createNotices({ audit, announce, log }: NoticesOptions): Notices {
  const closed = new AbortController();

  const record: Notices['record'] = (what, person, request, details = {}) =>
    audit.write({ kind: 'note', what, person, details: { ...about(request), ...details } });

  const quietly = async (event: AuditEvent & { readonly kind: 'note' }): Promise<void> => {
    try {
      await audit.write(event);
    } catch (error) {
      log.error('the audit lacks a note about an approval', { what: event.what, person: event.person, error });
    }
  };

  return {
    record,
    note: (what, person, details) => quietly({ kind: 'note', what, person, details }),
    noteOf: (what, person, request, details = {}) =>
      quietly({ kind: 'note', what, person, details: { ...about(request), ...details } }),
    tell(request, sentence, caller) {
      const { identity, place } = request.wanted;
      if (announce === undefined || (caller !== undefined && isThere(caller, request))) return;
      const say = async (): Promise<void> => announce({ input: identity.input, place }, text(sentence));
      void attempts(say, closed.signal).then((error) => {
        if (error !== undefined) {
          log.warn('nobody could be told about an approval', {
            input: identity.input,
            command: request.wanted.command,
            error,
          });
        }
      });
    },
    close: () => closed.abort(),
  };
}

const about = ({ code, wanted }: Request): Readonly<Record<string, string>> => ({
  code: showCode(code),
  asker: wanted.person,
  command: wanted.command,
  line: wanted.shown,
  fingerprint: wanted.hash,
});

const isThere = ({ input, room, thread }: Caller, { wanted: { identity, place } }: Request): boolean =>
  place.kind === 'room' && input === identity.input && room === place.room && thread === place.thread;
