/** Extra values of a log line. An `error` keeps its stack and its causes. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a room says what happened. The message is for an operator; values go into `fields`, never into the message. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ignore = (): void => {};

/** Says nothing: the default of every part that can be used on its own. */
export const silent: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
