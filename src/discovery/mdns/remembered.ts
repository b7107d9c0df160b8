import type { Sighting } from './sighting.ts';

/** Nodes that answered before: a question is not answered in full before they have, or did not within its whole time. */
export interface Remembered {
  hear(sighting: Sighting): void;
  /** Somebody answered for it. */
  has(service: string): boolean;
  /** The nodes of a service, by instance. */
  of(service: string): Iterable<string>;
  forget(service: string, instance: string): void;
}

/** Whoever floods the network shall not fill the memory. */
const maxInstances = 10_000;

export function newRemembered(): Remembered {
  const services = new Map<string, Set<string>>();
  let count = 0;

  const forget = (service: string, instance: string): void => {
    const instances = services.get(service);
    if (instances?.delete(instance) !== true) return;
    count -= 1;
    if (instances.size === 0) services.delete(service);
  };

  return {
    hear({ instance, record, gone }) {
      if (gone) return forget(record.name, instance);
      const instances = services.get(record.name) ?? new Set<string>();
      if (instances.has(instance) || count >= maxInstances) return;
      count += 1;
      services.set(record.name, instances.add(instance));
    },
    has: (service) => services.has(service),
    of: (service) => services.get(service) ?? [],
    forget,
  };
}
