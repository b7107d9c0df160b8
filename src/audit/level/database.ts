import type { ClassicLevel } from 'classic-level';
import { AuditError } from '../audit.ts';

export type Database = ClassicLevel;

const missing =
  'an audit in LevelDB needs the package classic-level, which cannot be loaded here: npm install classic-level@3.0.0';

/** Opens the database in a directory that is there. Throws an `AuditError`. */
export async function openDatabase(directory: string): Promise<Database> {
  const Level = await load();
  const db: Database = new Level(directory, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
  try {
    await db.open();
  } catch (error) {
    throw openingError(directory, error);
  }
  return db;
}

async function load(): Promise<typeof ClassicLevel> {
  try {
    return (await import('classic-level')).ClassicLevel;
  } catch (error) {
    // Neither is there where it was left out, or where nothing of it was built for this machine.
    throw new AuditError('unavailable', missing, { cause: error });
  }
}

function openingError(directory: string, error: unknown): AuditError {
  const { code, cause } =
    codeOf(error) === 'LEVEL_DATABASE_NOT_OPEN' ? causeOf(error) : { ...causeOf({ cause: error }) };
  const options = { cause: error };
  if (code === 'LEVEL_LOCKED')
    return new AuditError('in_use', `${directory} is written to by another process`, options);
  if (isCorruption(cause)) return damaged(directory, cause);
  return new AuditError('unavailable', `${directory} cannot be used as the audit: ${reasonOf(cause)}`, options);
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function causeOf(error: unknown): { readonly code: unknown; readonly cause: unknown } {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return { code: codeOf(cause), cause: cause ?? error };
}

/** Not all of it can be read: then nobody can go on with it. */
export const damaged = (directory: string, cause: unknown): AuditError =>
  new AuditError('broken', `the database in ${directory} is damaged: ${reasonOf(cause)}`, { cause });

/** What LevelDB says of a file that is shorter than it was, and of one that is not where another names it. */
const cutOff = /([^/]+\.ldb): Invalid argument$/;
const gone = /(MANIFEST[^/]*): No such file or directory$/;

/** What LevelDB says, without its own heading. */
function reasonOf(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/^(?:IO error|Corruption): /, '');
  const [, short] = cutOff.exec(text) ?? [];
  if (short !== undefined) return `the file ${short} is cut off`;
  const [, missed] = gone.exec(text) ?? [];
  return missed === undefined ? text : `the file ${missed} is missing`;
}

/** Some blocks of the database cannot be read: what is in others can. */
export const isCorruption = (error: unknown): boolean =>
  codeOf(error) === 'LEVEL_CORRUPTION' ||
  (error instanceof Error && (cutOff.test(error.message) || gone.test(error.message)));

/** For who reads it in a message. */
export const readable = (directory: string, error: unknown): Error =>
  isCorruption(error) ? damaged(directory, error) : new Error(reasonOf(error), { cause: error });
