export type ConfigErrorCode =
  /** The command line is not written as it must be: an unknown flag, a flag without its value. */
  | 'usage'
  /** A value that cannot be used. */
  | 'invalid'
  /** A driver or an input of that name does not exist. */
  | 'unknown';

/** The command line or the environment asks for what cannot be done. The message is for who typed it. */
export class ConfigError extends Error {
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigError';
    this.code = code;
  }
}
