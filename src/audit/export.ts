import type { AuditFilter } from './audit.ts';
import { auditFiles } from './files.ts';
import { linesOf } from './lines.ts';
import { type Ended, invocationFits, isSelective, recordFits, type Started } from './match.ts';
import { readRecord } from './record.ts';

/** All lines that there are, or those among which everything is that fits, oldest first: each time they are asked for anew. */
export type Lines = () => AsyncIterable<readonly string[]>;

/** The lines that fit of the audit in files at `path`, as `exportFrom` gives them. */
export const exportLines = (path: string, filter: AuditFilter): AsyncGenerator<readonly string[]> =>
  exportFrom(() => linesIn(path), filter);

/**
 * The lines that fit, oldest first, as they are, some at a time. With a filter everything is read twice, and what is kept in memory
 * meanwhile are the ids of what fits; lines that are no records are then left out.
 */
export async function* exportFrom(all: Lines, filter: AuditFilter): AsyncGenerator<readonly string[]> {
  const fits = isSelective(filter) ? await selected(all, filter) : (): boolean => true;
  for await (const lines of all()) {
    const some = lines.filter(fits);
    if (some.length > 0) yield some;
  }
}

async function* linesIn(path: string): AsyncGenerator<readonly string[]> {
  for (const file of await auditFiles(path)) {
    for await (const { lines } of linesOf(file)) yield lines.map(({ text }) => text);
  }
}

async function selected(all: Lines, filter: AuditFilter): Promise<(line: string) => boolean> {
  const ids = await fittingIds(all, filter);
  return (line) => {
    const record = readRecord(line);
    if (record === undefined) return false;
    return record.kind === 'started' || record.kind === 'ended' ? ids.has(record.id) : recordFits(filter, record);
  };
}

/** Of the invocations that fit, which shows only when both of their records were seen. */
async function fittingIds(all: Lines, filter: AuditFilter): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const running = new Map<string, Started>();
  const decide = (id: string, started: Started | undefined, ended: Ended | undefined): void => {
    if (invocationFits(filter, started, ended)) ids.add(id);
  };
  for await (const lines of all()) {
    for (const line of lines) {
      const record = readRecord(line);
      if (record?.kind === 'started') {
        running.set(record.id, record);
      } else if (record?.kind === 'ended') {
        decide(record.id, running.get(record.id), record);
        running.delete(record.id);
      }
    }
  }
  for (const [id, started] of running) decide(id, started, undefined);
  return ids;
}
