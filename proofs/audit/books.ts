import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keeping } from './keeping.ts';

/** An audit, and beside it what the bot's own commands write down. */
export interface Books extends Keeping {
  /** A file: the id of each command that was begun, one a line. */
  readonly ledger: string;
  /** Said with every command, as one that must not be read anywhere. */
  readonly secret: string;
  /** All bytes that there are beside the ledger. */
  readonly bytes: () => readonly Buffer[];
  readonly remove: () => void;
}

export type Driver = 'file' | 'level';

export function newBooks(driver: Driver, keep: number | undefined): Books {
  const folder = mkdtempSync(join(tmpdir(), 'micro-audit-'));
  const [kept, ledger] = [join(folder, 'kept'), join(folder, 'ledger')];
  writeFileSync(ledger, '');
  return {
    place: driver === 'file' ? kept : `level:${kept}`,
    keep,
    ledger,
    secret: `secret-${randomBytes(12).toString('hex')}`,
    bytes: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'ledger')
        .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
