import { setImmediate as turn } from 'node:timers/promises';
import { type Collection, type Heard, newCollection } from './collection.ts';
import type { Names } from './names.ts';
import { type Outgoing, query } from './packet.ts';
import { newRemembered } from './remembered.ts';
import type { Sighting } from './sighting.ts';

/** Asks the network and collects what it answers. */
export interface Lookup {
  /**
   * Who serves these services? Known when everybody who answered before has done so again, and nobody says more, though he was asked
   * twice; at the latest when the window is over, as for services that are asked for the first time. Rejects with `unavailable`.
   */
  nodes(services: readonly string[]): Promise<readonly Sighting[]>;
  /**
   * Which services are there? Sorted. It takes the whole window: how many there are is not known. `ahead`: who asks for their nodes afterwards has
   * the answer sooner, as they are asked at once. Rejects with `unavailable`.
   */
  services(ahead: boolean): Promise<readonly string[]>;
  /** Takes in what a packet said. */
  hear(heard: Heard): void;
}

/** A window is cut in pieces: however long this process was kept from running, that takes one piece away and not the window. */
const pieces = 4;
const maxTurns = 20;
/** Services that are asked ahead: more answers might not fit into a socket's buffer. */
const maxAhead = 16;

export interface LookupOptions {
  readonly names: Names;
  readonly windowMs: number;
  readonly ask: (packet: Outgoing) => Promise<void>;
  /** Resolves when all that arrived was heard. */
  readonly allRead: () => Promise<void>;
}

export function newLookup({ names, windowMs, ask, allRead }: LookupOptions): Lookup {
  const open = new Set<Collection>();
  const remembered = newRemembered();
  /** Asked ahead while lists are made. */
  const early = new Set<string>();
  let lists = 0;
  let packets = 0;

  const askAhead = (services: readonly string[]): void => {
    for (const service of services) {
      if (early.size >= maxAhead || early.has(service) || remembered.has(service)) continue;
      early.add(service);
      // It is asked again, and then tells what is wrong.
      ask(query(names.service(service))).catch(() => {});
    }
  };

  const listen = async (questions: readonly string[], found: Collection, isWhole: () => boolean): Promise<void> => {
    for (let piece = 0; piece < pieces; piece += 1) {
      // The second time is for a packet that got lost.
      if (piece < 2) {
        await Promise.all(questions.map((name) => ask(query(name))));
        found.asked();
      }
      if ((await isSettled(found, isWhole)) && piece > 0) return;
    }
    await readAll();
  };

  /** Whether everything was heard before a piece of the window was over. */
  const isSettled = async (found: Collection, isWhole: () => boolean): Promise<boolean> => {
    const end = performance.now() + windowMs / pieces;
    while (await found.settled(end, isWhole)) {
      const before = packets;
      await readAll();
      if (packets === before) return true;
    }
    return false;
  };

  /** Answers that already reached this machine count, even when a timer ran before they were read. */
  const readAll = async (): Promise<void> => {
    for (let quiet = 0, turns = 0; quiet < 2 && turns < maxTurns; turns += 1) {
      const before = packets;
      await turn();
      quiet = packets === before ? quiet + 1 : 0;
    }
  };

  const collect = async (
    questions: readonly string[],
    found: Collection,
    isSome: () => boolean,
    isWhole: () => boolean,
  ): Promise<void> => {
    open.add(found);
    try {
      await listen(questions, found, isWhole);
      await allRead();
      // That nobody is there is said only after a second window: a busy machine may take longer to answer.
      if (isSome()) return;
      await listen(questions, found, isWhole);
      await allRead();
    } finally {
      open.delete(found);
    }
  };

  return {
    async nodes(services) {
      const wanted = new Set(services);
      const found = newCollection(({ record }) => wanted.has(record.name), windowMs / pieces);
      // Of a service that nobody has answered for yet it is not known how many will.
      const isKnown = services.every((service) => remembered.has(service));
      const there = (): readonly Sighting[] => [...found.nodes.values()].filter(({ gone }) => !gone);
      const hasAnswered = (service: string): boolean => {
        for (const instance of remembered.of(service)) if (!found.nodes.has(instance)) return false;
        return there().some(({ record }) => record.name === service);
      };
      await collect(
        services.map((service) => names.service(service)),
        found,
        () => there().length > 0,
        () => isKnown && services.every(hasAnswered),
      );
      for (const service of services) {
        for (const instance of remembered.of(service)) {
          if (!found.nodes.has(instance)) remembered.forget(service, instance);
        }
      }
      return there();
    },
    async services(ahead) {
      const found = newCollection(() => false, windowMs);
      if (ahead) lists += 1;
      try {
        await collect(
          [names.list],
          found,
          () => found.services.size > 0,
          () => false,
        );
      } finally {
        if (ahead) lists -= 1;
        if (lists === 0) early.clear();
      }
      return [...found.services].toSorted();
    },
    hear(heard) {
      packets += 1;
      for (const sighting of heard.nodes) remembered.hear(sighting);
      for (const found of open) found.hear(heard);
      if (lists > 0) askAhead(heard.services);
    },
  };
}
