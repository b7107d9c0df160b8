import type { Population } from './population.ts';

/** A service was not shown for a while though one of its nodes was there all the time. */
export interface Absence {
  readonly where: 'directory' | 'catalogue';
  readonly service: string;
  readonly phase: string;
  readonly at: number;
  /** Undefined while it lasts. */
  endedAt: number | undefined;
}

/** Finds services that are missing although a node that was shown before takes connections and was not told to end. */
export interface Absences {
  readonly all: readonly Absence[];
  /** The directory shows these nodes of a service. */
  directory(service: string, shown: ReadonlySet<string>, at: number): void;
  /** The catalogue shows the service, or not; the directory shows these nodes of it. */
  catalogue(service: string, isThere: boolean, shown: ReadonlySet<string>, at: number): void;
}

export interface AbsencesOptions {
  readonly population: Population;
  readonly phase: () => string;
}

export function newAbsences({ population, phase }: AbsencesOptions): Absences {
  const all: Absence[] = [];
  const open = new Map<string, Absence>();
  /** Ids of nodes because of which a service has to be there. */
  const confirmed = { directory: new Set<string>(), catalogue: new Set<string>() };

  const check = (
    where: Absence['where'],
    service: string,
    isThere: boolean,
    shown: ReadonlySet<string>,
    at: number,
  ): void => {
    const up = [...population.members(service)].filter(({ state }) => state === 'up');
    const key = `${where} ${service}`;
    if (isThere) {
      for (const { id } of up) if (shown.has(id)) confirmed[where].add(id);
      const absence = open.get(key);
      if (absence !== undefined) absence.endedAt = at;
      open.delete(key);
    } else if (!open.has(key) && up.some(({ id }) => confirmed[where].has(id))) {
      const absence: Absence = { where, service, phase: phase(), at, endedAt: undefined };
      all.push(absence);
      open.set(key, absence);
    }
  };

  return {
    all,
    directory: (service, shown, at) => check('directory', service, shown.size > 0, shown, at),
    catalogue: (service, isThere, shown, at) => check('catalogue', service, isThere, shown, at),
  };
}
