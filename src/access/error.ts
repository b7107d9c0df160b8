export type AccessErrorCode =
  /** The file cannot be used as it is; the message has each mistake with its line. */
  | 'invalid'
  /** The file could not be read. */
  | 'unavailable';

/** Why there is nothing to decide by. */
export class AccessError extends Error {
  readonly code: AccessErrorCode;

  constructor(code: AccessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AccessError';
    this.code = code;
  }
}
