import type { Log } from '../../log/log.ts';

/** Whether Consul answers, told once when that changes. */
export interface Outage {
  began(error: unknown): void;
  ended(): void;
}

export function newOutage(log: Log): Outage {
  let isOn = false;
  return {
    began(error) {
      if (!isOn) log.warn('Consul does not answer', { error });
      isOn = true;
    },
    ended() {
      if (isOn) log.info('Consul answers again');
      isOn = false;
    },
  };
}
