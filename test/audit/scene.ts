import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AuditFileOptions, openAuditFile } from '../../src/audit/file.ts';
import type { KeptAudit } from '../../src/audit/kept.ts';
import { about } from '../contract/audit.ts';

/** In a folder of its own, which goes with the test. */
export function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'micro-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'audit.ndjson');
}

/** Closed at the end of the test. */
export async function openAt(path: string, options: Partial<AuditFileOptions> = {}): Promise<KeptAudit> {
  const audit = await openAuditFile({ path, ...options });
  onTestFinished(() => audit.close().catch(() => {}));
  return audit;
}

/** Writes invocations `from` to `to`, each of which is done, and leaves. */
export async function fill(
  path: string,
  from: number,
  to: number,
  options: Partial<AuditFileOptions> = {},
): Promise<void> {
  const audit = await openAt(path, options);
  await run(audit, from, to);
  await audit.close();
}

export async function run(audit: KeptAudit, from: number, to: number): Promise<void> {
  for (let id = from; id <= to; id += 1) {
    await audit.write({ kind: 'started', ...about(String(id)) });
    await audit.write({ kind: 'ended', id: String(id), outcome: 'done', durationMs: 1 });
  }
}

export const linesAt = (path: string): readonly string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

export const putLines = (path: string, lines: readonly string[]): void =>
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));

/** The numbers of the files that were put aside. */
export const numbersAside = (path: string): readonly number[] =>
  readdirSync(dirname(path))
    .filter((name) => name.startsWith(`${basename(path)}.`) && !name.includes('lock'))
    .map((name) => Number(name.slice(basename(path).length + 1)))
    .sort((one, other) => one - other);
