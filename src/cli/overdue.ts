import { inTime } from '../async/in-time.ts';
import type { FlushableLog } from '../log/pino.ts';
import { endBy } from './end.ts';

const usualMs = 3_000;
/** For the last line of the log. */
const farewellMs = 1_000;

/**
 * Ends this process when it is still there in `ms`, and tells why. Default 3,000: all that is left by then is what the operating system does not
 * give back, as a file on a disk that hangs, and Node itself would wait for that for ever.
 */
export function endWhenOverdue(log: FlushableLog, ms: number = usualMs): void {
  const end = async (): Promise<void> => {
    log.error('the process does not end by itself, as when its disk does not answer: it is killed');
    await inTime(log.flush(), farewellMs, () => {}).catch(() => {});
    endBy('SIGKILL');
  };
  setTimeout(() => void end(), ms).unref();
}
