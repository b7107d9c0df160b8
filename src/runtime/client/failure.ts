import { internalServerError, MicroError } from '../errors.ts';
import { TransportError } from '../transport/transport.ts';

/** What a caller is told when a connection broke. */
export const broken = (error: TransportError | undefined): MicroError =>
  internalServerError('go.micro.client.transport', error?.message ?? 'EOF: the other side closed the connection', {
    cause: error,
  });

/** The error a failed dial becomes. Its cause tells selectors that the node could not be reached. */
export function refused(error: unknown): never {
  if (error instanceof MicroError) throw error;
  const text = error instanceof Error ? error.message : String(error);
  throw internalServerError('go.micro.client', `connection error: ${text}`, { cause: error });
}

/** The error of a message that could not be written: trying again would not change it, so it is no 500. */
export function unsendable(error: unknown): MicroError {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof TransportError && error.code === 'invalid' ? 400 : 500;
  return new MicroError('go.micro.client.transport', code, text, { cause: error });
}

/** Whether an attempt failed because of the way to the node, not because of what the node answered. */
export const isUnreachable = (error: MicroError): boolean =>
  error.cause instanceof TransportError || (error.id === 'go.micro.client.transport' && error.code === 500);

const finals = new WeakSet<MicroError>();

/** Marks an error that no other node and no other attempt would change, whatever its code: the request itself cannot be written. */
export function final(error: unknown): MicroError {
  const marked = MicroError.from(error, 'go.micro.client');
  finals.add(marked);
  return marked;
}

export const isFinal = (error: MicroError): boolean => finals.has(error);
