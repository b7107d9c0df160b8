import type { AuditFilter } from './audit.ts';
import { auditFiles } from './files.ts';
import { linesOf } from './lines.ts';
import { type Ended, invocationFits, isSelective, recordFits, type Started } from './match.ts';
import { readRecord } from './record.ts';

/**
 * The lines that fit, oldest first, as they are in the files, some at a time. With a filter everything is read twice, and what is kept in memory
 * meanwhile are the ids of what fits; lines that are no records are then left out.
 */
export async function* exportLines(path: string, filter: AuditFilter): AsyncGenerator<readonly string[]> {
  const fits = isSelective(filter) ? await selected(path, filter) : (): boolean => true;
  for (const file of await auditFiles(path)) {
    for await (const { lines } of linesOf(file)) {
      const some = lines.map(({ text }) => text).filter(fits);
      if (some.length > 0) yield some;
    }
  }
}

async function selected(path: string, filter: AuditFilter): Promise<(line: string) => boolean> {
  const ids = await fittingIds(path, filter);
  return (line) => {
    const record = readRecord(line);
    if (record === undefined) return false;
    return record.kind === 'started' || record.kind === 'ended' ? ids.has(record.id) : recordFits(filter, record);
  };
}

/** Of the invocations that fit, which shows only when both of their records were seen. */
async function fittingIds(path: string, filter: AuditFilter): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const running = new Map<string, Started>();
  const decide = (id: string, started: Started | undefined, ended: Ended | undefined): void => {
    if (invocationFits(filter, started, ended)) ids.add(id);
  };
  for (const file of await auditFiles(path)) {
    for await (const { lines } of linesOf(file)) {
      for (const { text } of lines) {
        const record = readRecord(text);
        if (record?.kind === 'started') {
          running.set(record.id, record);
        } else if (record?.kind === 'ended') {
          decide(record.id, running.get(record.id), record);
          running.delete(record.id);
        }
      }
    }
  }
  for (const [id, started] of running) decide(id, started, undefined);
  return ids;
}
