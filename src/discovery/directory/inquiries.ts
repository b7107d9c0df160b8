import { applied } from '../change.ts';
import type { Versions } from '../directory.ts';
import type { RegistryEvent, ServiceRecord } from '../registry.ts';
import { isBroken } from './ask.ts';
import { contradicts, lacks, newTold, type Told } from './told.ts';

type Records = readonly ServiceRecord[];

/** Questions about one service, at most one of each at a time. Their answers join what is known. */
export interface Inquiries {
  /** Asks at once. Rejects with what the registry throws. */
  ask(name: string): Promise<Versions>;
  /** Asks soon, since something was told that may be old; at most so many at a time. */
  settle(name: string, told: readonly RegistryEvent[]): void;
  /** Something happened, while somebody may be asking. */
  hear(event: RegistryEvent): void;
  /** The registry is lost: asks for none of those that wait, and no failure of others is news. */
  forget(): void;
}

export interface InquiriesOptions {
  readonly ask: (name: string) => Promise<Records>;
  /** The nodes that the registry was known to have. */
  readonly registered: (name: string) => Records;
  /** Told the answer as soon as it counts. Gives what is known then. */
  readonly onAnswer: (name: string, records: Records) => Versions;
  /** Nobody could be asked about something that was to be settled. */
  readonly onFailure: (error: unknown) => void;
  readonly atOnce: number;
}

/** How often a service is asked for that keeps changing meanwhile. */
const maxRounds = 5;

export function newInquiries({ ask, registered, onAnswer, onFailure, atOnce }: InquiriesOptions): Inquiries {
  const open = new Map<string, { readonly told: Told; readonly answer: Promise<Versions> }>();
  const waiting = new Map<string, readonly RegistryEvent[]>();
  let settling = 0;
  let era = 0;

  /** A service whose record is broken stays as it was. */
  const answerTo = async (name: string): Promise<Records> => {
    try {
      return await ask(name);
    } catch (error) {
      const known = registered(name);
      if (isBroken(error) && known.length > 0) return known;
      throw error;
    }
  };

  const inquire = async (name: string, told: Told): Promise<Versions> => {
    for (let round = 1; ; round += 1) {
      told.asking(name);
      const answer = await answerTo(name);
      const isOld = contradicts(answer, told.since(name));
      const isShort = round === 1 && lacks(answer, registered(name), told.news(name));
      if (round < maxRounds && (isOld || isShort)) continue;
      // No turn passes between the answer and this: what is told from now on is newer.
      open.delete(name);
      return onAnswer(name, told.since(name).reduce(applied, answer));
    }
  };

  const begin = (name: string, told: Told): Promise<Versions> => {
    const answer = inquire(name, told).catch((error: unknown) => {
      open.delete(name);
      throw error;
    });
    open.set(name, { told, answer });
    return answer;
  };

  const settleNext = (): void => {
    while (settling < atOnce) {
      const [next] = waiting;
      if (next === undefined) return;
      const [name, events] = next;
      waiting.delete(name);
      const told = newTold();
      for (const event of events) told.add(event);
      const begunIn = era;
      settling += 1;
      (open.get(name)?.answer ?? begin(name, told))
        .catch((error: unknown) => {
          if (begunIn === era && !isBroken(error)) onFailure(error);
        })
        .finally(() => {
          settling -= 1;
          settleNext();
        });
    }
  };

  return {
    ask: (name) => open.get(name)?.answer ?? begin(name, newTold()),
    settle(name, told) {
      // Who is asked for hears of it anyway.
      if (open.has(name)) return;
      waiting.set(name, [...(waiting.get(name) ?? []), ...told]);
      settleNext();
    },
    hear(event) {
      open.get(event.service.name)?.told.add(event);
    },
    forget() {
      waiting.clear();
      era += 1;
    },
  };
}
