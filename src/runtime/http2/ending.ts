import { Http2Error } from './frame.ts';
import type { Ending } from './http2.ts';
import { errorCode } from './http2.ts';

/** Of all streams of a connection that is gone, for this reason or in order. */
export function endingOf(error: NodeJS.ErrnoException | Http2Error | undefined): Ending {
  if (error === undefined) return { code: errorCode.noError, isUntouched: false, reason: 'the connection was closed' };
  if (error instanceof Http2Error) return { code: error.code, isUntouched: false, reason: error.message };
  const reason = `the connection broke: ${error.code ?? error.message}`;
  return { code: errorCode.internalError, isUntouched: false, reason };
}
