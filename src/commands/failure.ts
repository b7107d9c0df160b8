import { RegistryError } from '../discovery/registry.ts';
import { MicroError } from '../runtime/errors.ts';
import { type Document, text } from '../document/document.ts';
import { CommandError, type Invocation } from './command.ts';

/**
 * What a person should have written. In a chat it is an answer like any other, as people know it from micro's bot; in a terminal it
 * is a failure, or scripts would take it for a result.
 */
export function complain({ caller }: Invocation, message: string): Document {
  if (caller.input === 'cli') throw new CommandError('usage', message);
  return text(message);
}

/** Runs a question to the registry; what goes wrong becomes a `CommandError` that a person can read. */
export async function asking<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new CommandError(error.code === 'invalid' ? 'usage' : 'failed', error.message, { cause: error });
  }
}

/** What a failed call says to a person: the error record as it travels, or the plain text of what is none. */
export const callFailure = (prefix: string, thrown: unknown): CommandError => {
  const error = MicroError.from(thrown, 'micro.bot');
  return new CommandError(failureCode(error), `${prefix}${error.toText()}`, { cause: thrown });
};

/** A call that took too long did not simply fail: it may have been done all the same. */
export const failureCode = ({ code }: MicroError): 'failed' | 'timed_out' => (code === 408 ? 'timed_out' : 'failed');
