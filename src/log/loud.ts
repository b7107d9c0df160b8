import type { Log } from './log.ts';

/** Says aloud what is mostly of no interest: debug lines as info. */
export const loud = (log: Log): Log => ({
  debug: (message, fields) => log.info(message, fields),
  info: (message, fields) => log.info(message, fields),
  warn: (message, fields) => log.warn(message, fields),
  error: (message, fields) => log.error(message, fields),
});
