import type { About, Audit, AuditRecord } from '../../audit/audit.ts';
import type { Job } from './jobs.ts';
import { reasonOf } from './reason.ts';

const usualRecords = 2_000;
/** Where watches have written most of those, it is worth a moment to look further back. */
const mostRecords = 20_000;
const enoughJobs = 100;

/** The last jobs that an audit tells of, oldest first. Rejects with an `AuditError`. */
export async function lastJobs(audit: Pick<Audit, 'find'>): Promise<readonly Job[]> {
  const records = await audit.find({}, usualRecords);
  const jobs = jobsOf(records);
  const own = jobs.filter(({ cause = '' }) => !cause.startsWith('watch '));
  const isAll = records.length < usualRecords;
  return isAll || own.length >= enoughJobs ? jobs : jobsOf(await audit.find({}, mostRecords));
}

/** The jobs that an audit tells of, as far as both their ends are in these records, oldest first. Whether others read along is not recorded: they are private. */
function jobsOf(records: readonly AuditRecord[]): readonly Job[] {
  const begun = new Map<string, { readonly about: About; readonly at: number }>();
  return records.flatMap((record): readonly Job[] => {
    const at = Date.parse(record.at);
    switch (record.kind) {
      case 'started':
        begun.set(record.id, { about: record, at });
        return [];
      case 'denied':
        return [{ ...jobOf(record, 'denied', undefined, at, at), why: reasonOf(record.decision) }];
      case 'ended': {
        const found = begun.get(record.id);
        begun.delete(record.id);
        if (found === undefined) return [];
        return [{ ...jobOf(found.about, record.outcome, found.at, found.at, at), why: reasonOf(record.error) }];
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
