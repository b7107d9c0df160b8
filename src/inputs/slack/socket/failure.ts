import { SlackError } from '../api.ts';

export type LinkErrorCode =
  /** Slack could not be reached, or the socket broke. */
  | 'unavailable'
  /** Slack does not want this app: credentials, or Socket Mode is switched off. */
  | 'refused'
  /** The app has as many sockets as Slack allows. */
  | 'crowded';

/** Why there is no socket, in words for an operator. Without address or token. */
export class LinkError extends Error {
  readonly code: LinkErrorCode;

  constructor(code: LinkErrorCode, message: string) {
    super(message);
    this.name = 'LinkError';
    this.code = code;
  }
}

/** What stopped us from getting the address of a socket. Foreign errors may quote anything, so only their name is kept. */
export function failureOf(error: unknown): LinkError {
  if (error instanceof LinkError) return error;
  if (error instanceof SlackError) return new LinkError(error.code, error.message);
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new LinkError('unavailable', 'Slack gave no address of a socket in time');
  }
  return new LinkError('unavailable', `Slack gave no address of a socket: ${nameOf(error)}`);
}

/** The system's code of an error (`ECONNREFUSED`), or its name: messages may quote the address, which is a secret. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.name;
}
