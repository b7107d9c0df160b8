import { z } from 'zod';
import { RegistryError, type RegistryErrorCode } from '../registry.ts';

/** The API was reached and said no. */
export class Refusal extends RegistryError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(codeOf(status), message);
    this.status = status;
  }

  /** The state that was asked for is no longer known: only a new list helps. */
  get isGone(): boolean {
    return this.status === 410;
  }

  /** The same question may be answered in a moment. */
  get isTransient(): boolean {
    return this.status === 409 || this.status === 429 || this.status >= 500;
  }
}

/** What is asked for, as a role has to allow it. */
export type Verb = 'list' | 'watch' | 'patch';

export interface Asked {
  readonly verb: Verb;
  readonly server: string;
  readonly namespace: string;
}

/** What the API's answer with such a status means. `body` is its text. */
export const refusalOf = (status: number, body: string, asked: Asked): Refusal =>
  new Refusal(status, sentence(status, reasonIn(body), asked));

const answer = z.object({ message: z.string(), code: z.number().optional() });

/** What the API says of an error inside of a stream. */
export function refusalIn(object: unknown, asked: Asked): Refusal {
  const { success, data } = answer.safeParse(object);
  return refusalOf((success ? data.code : undefined) ?? 500, JSON.stringify(object), asked);
}

function reasonIn(body: string): string {
  try {
    const { success, data } = answer.safeParse(JSON.parse(body));
    return success ? `: ${data.message.slice(0, 300)}` : '';
  } catch {
    return '';
  }
}

function sentence(status: number, reason: string, { verb, server, namespace }: Asked): string {
  switch (status) {
    case 401:
      return `${server} does not accept the credentials (401${reason})`;
    case 403:
      return `${server} does not allow to ${verb} pods in the namespace ${namespace}: a role must grant that (403${reason})`;
    default:
      return `${server} refuses to ${verb} pods in the namespace ${namespace} (${status}${reason})`;
  }
}

/** What is wrong with a question stays wrong; credentials and permissions may be mended. */
const codeOf = (status: number): RegistryErrorCode =>
  [400, 413, 415, 422].includes(status) ? 'invalid' : 'unavailable';
