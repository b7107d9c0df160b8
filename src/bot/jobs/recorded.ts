import type { About, AuditRecord } from '../../audit/audit.ts';
import type { Job } from './jobs.ts';

/** The jobs that an audit tells of, as far as both their ends are in these records, oldest first. Whether others read along is not recorded: they are private. */
export function jobsOf(records: readonly AuditRecord[]): readonly Job[] {
  const begun = new Map<string, { readonly about: About; readonly at: number }>();
  return records.flatMap((record): readonly Job[] => {
    const at = Date.parse(record.at);
    switch (record.kind) {
      case 'started':
        begun.set(record.id, { about: record, at });
        return [];
      case 'denied':
        return [jobOf(record, 'denied', undefined, at, at)];
      case 'ended': {
        const found = begun.get(record.id);
        begun.delete(record.id);
        return found === undefined ? [] : [jobOf(found.about, record.outcome, found.at, found.at, at)];
      }
      case 'note':
        return [];
      default:
        return record satisfies never;
    }
  });
}

const jobOf = (
  { id, person, input, room, command, line, isMasked, service, cause }: About,
  state: Job['state'],
  startedAt: number | undefined,
  askedAt: number,
  endedAt: number,
): Job => ({
  id,
  person,
  input,
  room,
  command,
  line,
  isMasked,
  service,
  cause,
  isEndless: false,
  isDirect: true,
  state,
  askedAt,
  startedAt,
  endedAt,
});
