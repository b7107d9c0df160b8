import { type ServiceError, status } from '@grpc/grpc-js';
import { plainReason } from '../plain-reason.ts';
import { RegistryError } from '../registry.ts';

/** The members are there, but have to agree on a leader first, or to take breath: worth asking again in a moment. */
export const isUnsettled = (error: unknown): boolean =>
  isServiceError(error) && error.details.startsWith('etcdserver: ') && verdictOf(error) === 'silent';

/** What an error says of the member that was asked. */
export type Verdict =
  /** It could not be reached, said nothing, or has lost the others: another one may do better. */
  | 'silent'
  /** It does not know us any more: the password has to be shown again. */
  | 'stranger'
  /** It has answered, and so would every other. */
  | 'answered';

/** etcd does not tell what happened, now or any more. */
export class WatchCancelled extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'WatchCancelled';
  }
}

const answers: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.PERMISSION_DENIED,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
]);

export function verdictOf(error: unknown): Verdict {
  if (error instanceof WatchCancelled) return 'answered';
  if (!isServiceError(error)) return 'silent';
  const { code, details } = error;
  if (code === status.UNAUTHENTICATED || details.includes('revision of auth store is old')) return 'stranger';
  if (code === status.RESOURCE_EXHAUSTED) return details.includes('too many requests') ? 'silent' : 'answered';
  return answers.has(code) ? 'answered' : 'silent';
}

const says = (error: unknown, code: status, part: string): boolean =>
  isServiceError(error) && error.code === code && error.details.includes(part);

/** The question was about a time that etcd has forgotten. */
export const isCompacted = (error: unknown): boolean => says(error, status.OUT_OF_RANGE, 'compacted');

/** The question was about a time that etcd has forgotten, or has not seen yet. */
export const isOutOfRange = (error: unknown): boolean => says(error, status.OUT_OF_RANGE, '');

/** The lease has ended. */
export const isLeaseLost = (error: unknown): boolean => says(error, status.NOT_FOUND, 'lease not found');

/** The answer would be larger than what we take. */
export const isAnswerTooLarge = (error: unknown): boolean =>
  says(error, status.RESOURCE_EXHAUSTED, 'Received message larger');

const isQuestionTooLarge = (error: unknown): boolean =>
  says(error, status.INVALID_ARGUMENT, 'request is too large') ||
  says(error, status.RESOURCE_EXHAUSTED, 'received message larger');

/** For who asked the registry: nobody answered. */
export const unreachable = (name: string, error: unknown): RegistryError =>
  new RegistryError('unavailable', `${name} does not answer: ${reasonOf(error)}`, { cause: error });

/** For who asked the registry: the answer was no. */
export const refused = (name: string, error: unknown): RegistryError =>
  new RegistryError(isQuestionTooLarge(error) ? 'invalid' : 'unavailable', `${name} refuses: ${reasonOf(error)}`, {
    cause: error,
  });

/** What the libraries write before and behind the reason, and times, which would make two equal reasons differ. */
const around =
  /^etcdserver: |^No connection established\. Last error: |^Error: | \(\d{4}-\d\d-\d\dT[\d:.]+Z\)\.?| Resolution note:.*$|\.$/g;

export function reasonOf(error: unknown): string {
  const text = isServiceError(error) ? error.details : error instanceof Error ? error.message : String(error);
  const reason = plainReason(text.replace(around, '').replace(around, '')).trim();
  if (reason !== '') return reason;
  // Several addresses of one name were tried, and the system says it of each alone.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return 'no reason was given';
}

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && 'details' in error && typeof error.details === 'string' && 'code' in error;
