import type { Cluster } from './cluster.ts';
import { isUnsettled, verdictOf } from './failure.ts';
import { allKeys } from './keys.ts';
import type { Line } from './line.ts';

const tickMs = 500;
/** So many ticks without an answer, and the member counts as dead. Ticks, not time: while this process is busy it hears nothing. */
const maxTicks = 4;

/**
 * Asks the member behind a watch for a sign of life as long as the watch runs, and cuts the connection when none comes: a stream without
 * events looks like a stream of the dead. HTTP/2 has pings for it, but etcd hangs up on who sends more than one in five seconds.
 */
export function startPulse(line: Line, cluster: Cluster): { stop(): void } {
  const over = new AbortController();
  let ticks = 0;
  let isAsked = false;

  const giveUp = (): void => {
    stop();
    cluster.moveOn();
    line.close();
  };

  const ask = async (): Promise<void> => {
    isAsked = true;
    ticks = 0;
    try {
      await line.rpc(over.signal).kv.range({ ...allKeys, limit: 1, keys_only: true, serializable: true });
    } catch (error) {
      const verdict = verdictOf(error);
      if (verdict === 'stranger') line.forgetToken();
      // One that has lost the others lives all the same; it ends its watches itself.
      else if (verdict === 'silent' && !isUnsettled(error) && !over.signal.aborted) giveUp();
    }
    isAsked = false;
  };

  const timer = setInterval(() => {
    ticks += 1;
    if (!isAsked) void ask();
    else if (ticks >= maxTicks) giveUp();
  }, tickMs);
  const stop = (): void => {
    clearInterval(timer);
    over.abort(new Error('the watch has ended'));
  };
  return { stop };
}
