import type { Log } from '../log/log.ts';

/** Whether a server answers, told once when that changes. */
export interface Outage {
  /** It is so now, and was told. */
  readonly isOn: boolean;
  /**
   * A question that was put then failed: what was put later may have been answered already. Milliseconds of `performance.now()`; default:
   * just now.
   */
  began(error: unknown, askedAtMs?: number): void;
  ended(): void;
}

/** `server` is its name in the log. */
export function newOutage(log: Log, server: string): Outage {
  let isOn = false;
  let answeredAtMs = 0;
  return {
    get isOn() {
      return isOn;
    },
    began(error, askedAtMs = Number.POSITIVE_INFINITY) {
      if (askedAtMs <= answeredAtMs) return;
      if (!isOn) log.warn(`${server} does not answer`, { error });
      isOn = true;
    },
    ended() {
      answeredAtMs = performance.now();
      if (isOn) log.info(`${server} answers again`);
      isOn = false;
    },
  };
}
