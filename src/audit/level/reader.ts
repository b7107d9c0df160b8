import { CommandError } from '../../commands/command.ts';
import { AuditError } from '../audit.ts';
import { exportFrom } from '../export.ts';
import { orUnavailable } from '../opening.ts';
import type { AuditReader } from '../reader.ts';
import { openDatabase, readable } from './database.ts';
import { giveBack, lookInto } from './directory.ts';
import { lockLevel } from './open.ts';
import { findIn, linesFor } from './read.ts';
import { verifyIn } from './verify.ts';

const askTheBot = 'While it runs, ask the bot in chat: audit, audit verify, audit head';

/** Opens the audit in a directory to read it, which nobody else can meanwhile. Throws a `CommandError`. */
export async function levelReader(directory: string): Promise<AuditReader> {
  try {
    if ((await orUnavailable(() => lookInto(directory), directory)) === 'nothing') {
      throw new CommandError('not_found', `there is no audit at ${directory}`);
    }
    return await orUnavailable(() => open(directory), directory);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new CommandError('failed', error.code === 'in_use' ? `${error.message}. ${askTheBot}` : error.message, {
      cause: error,
    });
  }
}

async function open(directory: string): Promise<AuditReader> {
  const lock = await lockLevel(directory);
  const failed = (error: unknown): CommandError =>
    new CommandError('failed', readable(directory, error).message, { cause: error });
  try {
    const db = await openDatabase(directory);
    return {
      find: (filter, most) =>
        findIn(db, filter, most).catch((error: unknown) => {
          throw failed(error);
        }),
      verify: (head) => verifyIn(db, directory, head),
      async *export(filter) {
        try {
          yield* exportFrom(() => linesFor(db, filter), filter);
        } catch (error) {
          throw failed(error);
        }
      },
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
