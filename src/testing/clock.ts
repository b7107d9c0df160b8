import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../bot/schedule/clock.ts';

/** A time that stands still until it is moved by hand. */
export interface HandClock extends Clock {
  /** Moves it on, from one thing that becomes due to the next; each may begin its work before the time goes on. */
  pass(ms: number): Promise<void>;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** `startsAt`: milliseconds since the epoch. */
export function handClock(startsAt: number): HandClock {
  const alarms = new Set<Alarm>();
  let time = startsAt;

  const next = (until: number): Alarm | undefined =>
    [...alarms].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];

  return {
    now: () => time,
    after(ms, ring) {
      const alarm: Alarm = { at: time + Math.max(0, ms), ring };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    async pass(ms) {
      const end = time + ms;
      await nextTurn();
      for (let alarm = next(end); alarm !== undefined; alarm = next(end)) {
        alarms.delete(alarm);
        time = Math.max(time, alarm.at);
        alarm.ring();
        await nextTurn();
      }
      time = Math.max(time, end);
    },
  };
}
