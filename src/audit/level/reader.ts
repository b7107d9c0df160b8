import { CommandError } from '../../commands/command.ts';
import { AuditError } from '../audit.ts';
import { exportFrom } from '../export.ts';
import type { AuditReader } from '../reader.ts';
import { openDatabase } from './database.ts';
import { giveBack, lookInto } from './directory.ts';
import { lockLevel } from './open.ts';
import { findIn, linesFor } from './read.ts';
import { verifyIn } from './verify.ts';

const askTheBot = 'While it runs, ask the bot in chat: audit, audit verify, audit head';

/** Opens the audit in a directory to read it, which nobody else can meanwhile. Throws a `CommandError`. */
export async function levelReader(directory: string): Promise<AuditReader> {
  try {
    return await open(directory);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new CommandError('failed', error.code === 'in_use' ? `${error.message}. ${askTheBot}` : error.message, {
      cause: error,
    });
  }
}

async function open(directory: string): Promise<AuditReader> {
  if ((await lookInto(directory)) === 'nothing') {
    throw new CommandError('not_found', `there is no audit at ${directory}`);
  }
  const lock = await lockLevel(directory);
  try {
    const db = await openDatabase(directory);
    return {
      find: (filter, most) => findIn(db, filter, most),
      verify: (head) => verifyIn(db, directory, head),
      export: (filter) => exportFrom(() => linesFor(db, filter), filter),
      async close() {
        try {
          await db.close();
          await giveBack(directory);
        } finally {
          await lock.release();
        }
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
