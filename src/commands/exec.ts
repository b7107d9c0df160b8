import { byAndBy } from '../async/turns.ts';
import { type Document, text } from '../document/document.ts';
import type { CallOptions, Client, Request } from '../runtime/client/client.ts';
import { formatDuration } from '../runtime/duration.ts';
import { MicroError } from '../runtime/errors.ts';
import { answerDocument } from './answer.ts';
import { CommandError } from './command.ts';
import { failureCode } from './failure.ts';

/** Calls a command's endpoint. Members of the answer named in `secretFields` come without their values. Rejects with a `CommandError` (`failed`, `timed_out`) in the service's own words. */
export async function ask(
  client: Client,
  request: () => Request,
  options: CallOptions,
  secretFields: readonly string[],
): Promise<Document> {
  const made = request();
  try {
    return await byAndBy(answerDocument(await client.call<Buffer>(made, options), secretFields), options.signal);
  } catch (error) {
    throw failure(made, error, options);
  }
}

/** The same for one that streams: each message is a document. */
export async function* follow(
  client: Client,
  request: () => Request,
  options: CallOptions,
  secretFields: readonly string[],
): AsyncIterable<Document> {
  const made = request();
  let isSilent = true;
  try {
    await using stream = await client.stream<Buffer>(made, options);
    for await (const message of stream) {
      isSilent = false;
      yield await byAndBy(answerDocument(message, secretFields), options.signal);
    }
  } catch (error) {
    throw failure(made, error, options);
  }
  if (isSilent) yield text('done');
}

/** The service's own words: they are meant for who typed the command. When it said nothing in time, how long that was. */
function failure({ service, endpoint }: Request, error: unknown, { timeoutMs }: CallOptions): CommandError {
  const failed = MicroError.from(error, 'micro.bot');
  const code = failureCode(failed);
  const isSilent = code === 'timed_out' && failed.id.startsWith('go.micro.client');
  if (isSilent && timeoutMs !== undefined) {
    return new CommandError(code, `timed out after ${formatDuration(timeoutMs * 1e6)}`, { cause: error });
  }
  const words = failed.detail === '' ? `error calling ${service}.${endpoint}: ${failed.toText()}` : failed.detail;
  return new CommandError(code, words, { cause: error });
}
