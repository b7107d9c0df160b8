import { type Log, silent } from '../../log/log.ts';

/** Whether the API answers, told once when that changes. */
export interface Outage {
  /** It is so now, and was told. */
  readonly isOn: boolean;
  began(error: unknown): void;
  ended(): void;
}

export function newOutage(log: Log = silent): Outage {
  let isOn = false;
  return {
    get isOn() {
      return isOn;
    },
    began(error) {
      if (!isOn) log.warn('Kubernetes does not answer', { error });
      isOn = true;
    },
    ended() {
      if (isOn) log.info('Kubernetes answers again');
      isOn = false;
    },
  };
}
