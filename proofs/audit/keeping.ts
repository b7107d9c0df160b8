import { openAuditFile } from '../../src/audit/file.ts';
import type { KeptAudit } from '../../src/audit/kept.ts';
import { openAuditLevel } from '../../src/audit/level/open.ts';
import { readPlace } from '../../src/audit/place.ts';
import { type Log, silent } from '../../src/log/log.ts';

/** How an audit is kept: `level:DIRECTORY`, or a file. */
export interface Keeping {
  readonly place: string;
  /** So many parts of it are kept. Undefined: all. */
  readonly keep: number | undefined;
}

/** Small, so that parts are full all the time. */
const maxBytes = 131_072;

/** As a bot opens it. */
export function openKept({ place: text, keep }: Keeping, log: Log = silent): Promise<KeptAudit> {
  const place = readPlace(text);
  switch (place.kind) {
    case 'file':
      return openAuditFile({ path: place.path, maxBytes, keep, log });
    case 'level':
      return openAuditLevel({ directory: place.directory, maxBytes, keep, log });
    default:
      return place satisfies never;
  }
}
