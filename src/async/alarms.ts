/** Something that is told when its time is up. */
export interface Ringing {
  ring(): void;
}

/** One moment that was set. */
export interface Alarm {
  readonly target: Ringing;
}

/**
 * Many deadlines that hardly ever come: one coarse timer for all of them, which costs a small part of a timer for each. Rings up to
 * 100 ms late, never early.
 */
export interface Alarms {
  set(afterMs: number, target: Ringing): Alarm;
  /** False when it rang or was cleared before. */
  clear(alarm: Alarm): boolean;
}

interface Slot extends Alarm {
  at: number;
  /** The tick it was counted from. */
  readonly from: number;
  index: number;
}

const tickMs = 50;

export function createAlarms(): Alarms {
  const slots: Slot[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** The time of the last tick, in whole milliseconds: to ask the clock for each alarm, or to keep fractions, costs more than the rest. */
  let now = 0;

  const clear = (alarm: Alarm): boolean => {
    const slot = alarm as Slot;
    if (slots[slot.index] !== slot) return false;
    const last = slots.pop();
    if (last !== undefined && last !== slot) {
      slots[slot.index] = last;
      last.index = slot.index;
    }
    // The process may end when no alarm is set; the timer goes on, since under load the next alarm is only a moment away.
    if (slots.length === 0) timer?.unref();
    return true;
  };

  const tick = (): void => {
    const before = now;
    now = Math.floor(performance.now());
    // While the program was busy no tick came: what was set in the meantime counted from a time long past.
    const behindMs = now - before - tickMs;
    if (behindMs > 0) for (const slot of slots) if (slot.from === before) slot.at += behindMs;
    // One that rings may clear another, which must not ring then.
    for (const slot of slots.slice()) if (slot.at <= now && clear(slot)) slot.target.ring();
    if (slots.length > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    set(afterMs, target) {
      if (timer === undefined) {
        timer = setInterval(tick, tickMs);
        now = Math.floor(performance.now());
      } else if (slots.length === 0) timer.ref();
      const slot: Slot = { target, at: now + 1 + tickMs + afterMs, from: now, index: slots.length };
      slots.push(slot);
      return slot;
    },
    clear,
  };
}
