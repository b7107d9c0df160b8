import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { KeptAudit } from '../../src/audit/kept.ts';
import { type Database, openDatabase } from '../../src/audit/level/database.ts';
import { type AuditLevelOptions, openAuditLevel } from '../../src/audit/level/open.ts';
import { run } from './scene.ts';

/** Not there yet, in a folder of its own, which goes with the test. */
export function newDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'micro-level-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'audit');
}

/** Closed at the end of the test. */
export async function openLevel(directory: string, options: Partial<AuditLevelOptions> = {}): Promise<KeptAudit> {
  const audit = await openAuditLevel({ directory, ...options });
  onTestFinished(() => audit.close().catch(() => {}));
  return audit;
}

/** Writes invocations `from` to `to`, each of which is done, and leaves. */
export async function fillLevel(directory: string, from: number, to: number): Promise<void> {
  const audit = await openLevel(directory);
  await run(audit, from, to);
  await audit.close();
}

/** Does something to a database that nobody has open. */
export async function tamper(directory: string, change: (db: Database) => Promise<void>): Promise<void> {
  const db = await openDatabase(directory);
  try {
    await change(db);
  } finally {
    await db.close();
  }
}
