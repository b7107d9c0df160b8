/** What the bot remembers from one run to the next: small things, each kept on a shelf of its own. */
export interface State {
  /**
   * Opens a shelf. `read` turns what was kept into a value and may throw or reject; what cannot be read is set aside and told, and the shelf begins with
   * `empty`. What has a `form` was kept by a later version, whose forms have numbers. Throws a `StateError`.
   */
  shelf<T>(name: string, read: (kept: unknown) => T | Promise<T>, empty: T): Promise<Shelf<T>>;
  /** Why something of it cannot be kept at the moment, as a sentence. It is tried again by itself. */
  readonly outage?: string | undefined;
  close(): Promise<void>;
}

/** One value, replaced as a whole. It must be what JSON can hold. */
export interface Shelf<T> {
  readonly current: T;
  /**
   * `current` changes at once; resolves when it will survive the end of this process and of the machine. Rejects with a `StateError`, and
   * `current` stays as it is now: the next one that can be kept has it.
   */
  replace(value: T): Promise<void>;
}

export type StateErrorCode =
  /** It could not be read or written. */
  | 'unavailable'
  /** Another process has the directory. */
  | 'in_use'
  /** A later version wrote it: it is left as it is, and this one must not go on without it. */
  | 'newer';

export class StateError extends Error {
  readonly code: StateErrorCode;

  constructor(code: StateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StateError';
    this.code = code;
  }
}
