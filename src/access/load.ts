import { emptyPolicy } from './build.ts';
import { AccessError } from './error.ts';
import { readWhole } from './file.ts';
import type { Defaults, Policy } from './policy.ts';

/** The rules of a file as it was at one moment. */
export interface Loaded {
  readonly policy: Policy;
  /** As in `Reading`. */
  readonly stamp: string;
  readonly text: string;
}

/** Rejects with an `AccessError`. */
export async function load(file: string): Promise<Loaded> {
  const { text, stamp } = await readWhole(file);
  return { policy: await parse(text, file), stamp, text };
}

/** Rules that stay as they are. Without a text there are none but the defaults. Rejects with an `AccessError`. */
export const unfollowed = async (text: string | undefined, defaults: Partial<Defaults> | undefined): Promise<Policy> =>
  text === undefined ? emptyPolicy(defaults) : parse(text, 'the access rules');

async function parse(text: string, name: string): Promise<Policy> {
  // The parsers are loaded by those alone who have rules.
  const { readPolicy } = await import('./read.ts');
  try {
    return readPolicy(text);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    throw new AccessError(error.code, `${name} cannot be used:\n${error.message}`, { cause: error });
  }
}
