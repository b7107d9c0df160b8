import { expect, test } from 'vitest';
import { memoryState } from '../../../src/state/memory.ts';
import type { Shelved } from '../../../src/bot/schedule/kept.ts';
import { readShelved } from '../../../src/bot/schedule/schema.ts';
import { hour, minute, world } from './world.ts';

/** The next times of ten thousand are much to compute for a machine with other work to do. */
const longMs = 300_000;

/** As many as may be, of two hundred people. */
async function many(): Promise<ReturnType<typeof memoryState>> {
  const state = memoryState();
  const shelf = await state.shelf<Shelved>('schedules', readShelved, { next: 1, schedules: [] });
  const schedules = Array.from({ length: 10_000 }, (_, index) => ({
    number: index + 1,
    person: `person-${index % 200}`,
    identity: { input: 'memory', user: `U${index % 200}`, name: `Person ${index % 200}`, isKnown: true },
    place: { kind: 'room', room: `room-${index % 50}` } as const,
    roomName: `#room-${index % 50}`,
    isDirect: false,
    line: `health service-${index}`,
    when: { kind: 'calendar', pattern: `${index % 60} 17 * * *`, zone: 'Europe/Berlin' } as const,
    shown: 'cron',
    refusals: 0,
  }));
  await shelf.replace({ next: 10_001, schedules });
  return state;
}

test(
  'ten thousand schedules: one look a minute, and each runs in its time',
  async () => {
    const here = await world({ state: await many(), start: '2026-11-21T15:59:30Z' });
    await here.clock.pass(hour);
    expect(here.ran).toHaveLength(10_000);
    expect(new Set(here.ran.map(({ due }) => due.line)).size).toBe(10_000);
    // Once for each minute in which something is due, and never more than a minute apart.
    expect(here.clock.rung).toBeLessThanOrEqual((2 * hour) / minute);
    await expect(here.say('in 5m ping', { user: 'U999', person: 'zoe' })).rejects.toThrow(
      'there are 10000 schedules already',
    );
    here.schedules.close();
  },
  longMs,
);

test(
  'while nothing is due, nothing but a look a minute happens',
  async () => {
    const state = await many();
    const here = await world({ state, start: '2026-11-21T15:30:30Z' });
    await here.clock.pass(20 * minute);
    expect(here.ran).toEqual([]);
    expect(here.clock.rung).toBeLessThanOrEqual(21);
    expect(here.clock.waiting).toBe(1);
    here.schedules.close();
  },
  longMs,
);
