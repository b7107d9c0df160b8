import type { Log } from '../../log/log.ts';

/** Whether Consul answers, told once when that changes. */
export interface Outage {
  /** It is so now, and was told. */
  readonly isOn: boolean;
  /** A question that was put then failed: what was put later may have been answered already. Milliseconds of `performance.now()`. */
  began(error: unknown, askedAtMs: number): void;
  ended(): void;
}

export function newOutage(log: Log): Outage {
  let isOn = false;
  let answeredAtMs = 0;
  return {
    get isOn() {
      return isOn;
    },
    began(error, askedAtMs) {
      if (askedAtMs <= answeredAtMs) return;
      if (!isOn) log.warn('Consul does not answer', { error });
      isOn = true;
    },
    ended() {
      answeredAtMs = performance.now();
      if (isOn) log.info('Consul answers again');
      isOn = false;
    },
  };
}
