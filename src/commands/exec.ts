import { type Document, text } from '../document/document.ts';
import type { CallOptions, Client, Request } from '../runtime/client/client.ts';
import { MicroError } from '../runtime/errors.ts';
import { answerDocument } from './answer.ts';
import { CommandError } from './command.ts';

/** Calls a command's endpoint. Rejects with a `CommandError` (`failed`) in the service's own words. */
export async function ask(client: Client, request: () => Request, options: CallOptions): Promise<Document> {
  const made = request();
  try {
    return answerDocument(await client.call<Buffer>(made, options));
  } catch (error) {
    throw failure(made, error);
  }
}

/** The same for one that streams: each message is a document. */
export async function* follow(client: Client, request: () => Request, options: CallOptions): AsyncIterable<Document> {
  const made = request();
  let isSilent = true;
  try {
    await using stream = await client.stream<Buffer>(made, options);
    for await (const message of stream) {
      isSilent = false;
      yield answerDocument(message);
    }
  } catch (error) {
    throw failure(made, error);
  }
  if (isSilent) yield text('done');
}

/** The service's own words: they are meant for who typed the command. */
function failure({ service, endpoint }: Request, error: unknown): CommandError {
  const failed = MicroError.from(error, 'micro.bot');
  const words = failed.detail === '' ? `error calling ${service}.${endpoint}: ${failed.toText()}` : failed.detail;
  return new CommandError('failed', words, { cause: error });
}
