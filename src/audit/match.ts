import type { AuditFilter, AuditRecord } from './audit.ts';

export type Started = AuditRecord & { readonly kind: 'started' };
export type Ended = AuditRecord & { readonly kind: 'ended' };

/** The filter wants something of every record but its being there. */
export const isSelective = (filter: AuditFilter): boolean =>
  Object.values(filter).some((wanted) => wanted !== undefined);

/** Whether an invocation fits, of which one or both records are known. What only the other one could tell does not fit. */
export function invocationFits(filter: AuditFilter, started: Started | undefined, ended: Ended | undefined): boolean {
  const { id, outcome } = filter;
  if (id !== undefined && (started ?? ended)?.id !== id) return false;
  if (outcome !== undefined && ended?.outcome !== outcome) return false;
  return aboutFits(filter, started) && (timeFits(filter, started) || timeFits(filter, ended));
}

/** Whether a record fits that is of no invocation that ran. */
export function recordFits(filter: AuditFilter, record: AuditRecord & { readonly kind: 'denied' | 'note' }): boolean {
  const { id, outcome } = filter;
  if (!timeFits(filter, record)) return false;
  if (record.kind === 'denied') {
    return (
      (id === undefined || record.id === id) &&
      (outcome === undefined || outcome === 'denied') &&
      aboutFits(filter, record)
    );
  }
  const { person, command, room, service } = filter;
  const others = [command, room, service, outcome, id];
  return (person === undefined || record.person === person) && others.every((wanted) => wanted === undefined);
}

function aboutFits(
  { person, command, room, service }: AuditFilter,
  about: (AuditRecord & { readonly kind: 'started' | 'denied' }) | undefined,
): boolean {
  return (
    (person === undefined || about?.person === person) &&
    (command === undefined || about?.command === command) &&
    (room === undefined || about?.room === room) &&
    (service === undefined || about?.service === service)
  );
}

function timeFits({ since, until }: AuditFilter, record: AuditRecord | undefined): boolean {
  if (since === undefined && until === undefined) return true;
  if (record === undefined) return false;
  const at = Date.parse(record.at);
  return at >= (since ?? Number.NEGATIVE_INFINITY) && at <= (until ?? Number.POSITIVE_INFINITY);
}
