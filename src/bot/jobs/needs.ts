import type { Places } from './entry.ts';
import type { JobAbout } from './jobs.ts';
import type { Limits } from './limits.ts';
import { Pool } from './pool.ts';
import { Resource } from './resource.ts';

const none: readonly never[] = [];

/** What a job needs places in while it runs. From the narrow to the wide: whoever waits should wait among as few as possible. */
export function createNeeds(limits: Limits): (about: JobAbout) => readonly Places[] {
  const all: Places = new Resource('all', '', limits.all);
  const allEndless: Places = new Resource('all endless', '', limits.allEndless);
  const people = new Pool('person', limits.person);
  const endless = new Pool('endless', limits.endless);
  const services = new Pool('service', limits.service);
  const locks = new Pool('lock', 1);
  /** By input: to make one key of two costs more. */
  const rooms = new Map<string, Pool>();

  const roomsOf = (input: string): Pool => {
    const known = rooms.get(input);
    if (known !== undefined) return known;
    const pool = new Pool('room', limits.room);
    rooms.set(input, pool);
    return pool;
  };

  return ({ person, input, room, service, lock, isEndless }) => {
    const locked = lock === undefined ? none : [locks.get(lock)];
    if (isEndless) return [...locked, endless.get(person), allEndless];
    const own = people.get(person);
    const here = roomsOf(input).get(room);
    // Most need nothing more.
    if (lock === undefined && service === undefined) return [own, here, all];
    return [...locked, own, here, ...(service === undefined ? none : [services.get(service)]), all];
  };
}
