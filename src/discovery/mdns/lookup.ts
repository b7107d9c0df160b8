import { setImmediate as turn } from 'node:timers/promises';
import { sleep } from '../../async/sleep.ts';
import type { Names } from './names.ts';
import { type Outgoing, query } from './packet.ts';
import type { Sighting } from './sighting.ts';

/** What was heard while a question was open. */
export interface Heard {
  readonly nodes: readonly Sighting[];
  readonly services: readonly string[];
}

/** Asks the network and collects what it answers. */
export interface Lookup {
  /** Who serves these services? Rejects with `unavailable`. */
  nodes(services: readonly string[]): Promise<readonly Sighting[]>;
  /** Which services are there? Sorted. Rejects with `unavailable`. */
  services(): Promise<readonly string[]>;
  /** Takes in what a packet said. */
  hear(heard: Heard): void;
}

/** A window is cut in pieces: however long this process was kept from running, that takes one piece away and not the window. */
const pieces = 4;
const maxTurns = 20;

export function newLookup(names: Names, windowMs: number, ask: (packet: Outgoing) => Promise<void>): Lookup {
  interface Collection {
    readonly nodes: Map<string, Sighting>;
    readonly services: Set<string>;
  }
  const open = new Set<Collection>();
  let packets = 0;

  const listen = async (questions: readonly string[]): Promise<void> => {
    for (let piece = 0; piece < pieces; piece += 1) {
      // The second time is for a packet that got lost.
      if (piece < 2) await Promise.all(questions.map((name) => ask(query(name))));
      await sleep(windowMs / pieces);
    }
    await readAll();
  };

  /** Answers that already reached this machine count, even when a timer ran before they were read. */
  const readAll = async (): Promise<void> => {
    for (let quiet = 0, turns = 0; quiet < 2 && turns < maxTurns; turns += 1) {
      const before = packets;
      await turn();
      quiet = packets === before ? quiet + 1 : 0;
    }
  };

  const collect = async (questions: readonly string[], enough: (found: Collection) => boolean): Promise<Collection> => {
    const found: Collection = { nodes: new Map(), services: new Set() };
    open.add(found);
    try {
      await listen(questions);
      // That nobody is there is said only after a second window: a busy machine may take longer to answer.
      if (!enough(found)) await listen(questions);
    } finally {
      open.delete(found);
    }
    return found;
  };

  return {
    async nodes(services) {
      const wanted = new Set(services);
      const isWanted = ({ record, gone }: Sighting): boolean => wanted.has(record.name) && !gone;
      const { nodes } = await collect(
        services.map((service) => names.service(service)),
        (found) => [...found.nodes.values()].some(isWanted),
      );
      return [...nodes.values()].filter(isWanted);
    },
    async services() {
      const { services } = await collect([names.list], (found) => found.services.size > 0);
      return [...services].toSorted();
    },
    hear({ nodes, services }) {
      packets += 1;
      for (const found of open) {
        for (const sighting of nodes) found.nodes.set(sighting.instance, sighting);
        for (const service of services) found.services.add(service);
      }
    },
  };
}
