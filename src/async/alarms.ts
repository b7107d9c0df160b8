import { createBag, type Place } from './bag.ts';

/** A moment at which something is called unless it is cleared before. */
export type Alarm = Place<{ readonly at: number; readonly ring: () => void }>;

/**
 * Many deadlines that hardly ever come: one coarse timer for all of them, which costs a small part of a timer for each. Rings up to
 * 100 ms late, never early.
 */
export interface Alarms {
  set(afterMs: number, ring: () => void): Alarm;
  /** False when it rang or was cleared before. */
  clear(alarm: Alarm): boolean;
}

const tickMs = 50;

export function createAlarms(): Alarms {
  const alarms = createBag<Alarm['value']>();
  let timer: NodeJS.Timeout | undefined;
  /** The time of the last tick: to ask the clock for each alarm costs more than the rest. */
  let now = 0;

  const tick = (): void => {
    now = performance.now();
    for (const alarm of alarms.places()) {
      // One that rang before may have cleared this one.
      if (alarm.value.at <= now && alarms.remove(alarm)) alarm.value.ring();
    }
    if (alarms.size > 0) return;
    // Not earlier: under load the next alarm is only a moment away.
    clearInterval(timer);
    timer = undefined;
  };

  return {
    set(afterMs, ring) {
      if (timer === undefined) {
        timer = setInterval(tick, tickMs);
        now = performance.now();
      }
      return alarms.add({ at: now + tickMs + afterMs, ring });
    },
    clear: (alarm) => alarms.remove(alarm),
  };
}
