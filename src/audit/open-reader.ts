import { access } from 'node:fs/promises';
import { CommandError } from '../commands/command.ts';
import { exportLines } from './export.ts';
import { findIn } from './file.ts';
import { auditFiles } from './files.ts';
import { readPlace } from './place.ts';
import type { AuditReader } from './reader.ts';
import { verifyAudit } from './verify.ts';

/** Opens what `text` names: a file, or with `level:` before it a directory. Throws a `CommandError` when there is no audit, or it cannot be read now. */
export async function openReader(text: string): Promise<AuditReader> {
  const place = readPlace(text);
  switch (place.kind) {
    case 'file':
      return fileReader(place.path);
    case 'level':
      return (await import('./level/reader.ts')).levelReader(place.directory);
    default:
      return place satisfies never;
  }
}

/** Reads the files, whether a bot writes to them or not. */
async function fileReader(path: string): Promise<AuditReader> {
  const files = await auditFiles(path).catch(() => [path]);
  // Killed while a full file was put aside, a bot leaves the others alone.
  await access(files[0] ?? path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new CommandError('not_found', `there is no audit at ${path}`);
    throw new CommandError('failed', `the audit at ${path} cannot be read: ${error.message}`);
  });
  return {
    find: (filter, most) => findIn(path, filter, most),
    verify: (head) => verifyAudit(path, head),
    export: (filter) => exportLines(path, filter),
    close: async () => {},
  };
}
