/** Work in order within a lane, and at the same time across lanes. */
export interface Lanes<T> {
  /**
   * Takes an item, or says why not: `full` when too many wait in its lane (the first time until all of those are done; `still full`
   * after that), `busy` when too many run in all.
   */
  add(lane: string, item: T): 'taken' | 'full' | 'still full' | 'busy';
  /** Takes out and returns all that wait. */
  clear(): readonly T[];
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

export interface LanesOptions<T> {
  /** Must call `done` once, sooner or later, and not throw. */
  readonly run: (item: T, done: () => void) => void;
  /** In one lane. */
  readonly maxWaiting: number;
  /** In all lanes; each runs one at a time. */
  readonly maxRunning: number;
}

interface Lane<T> {
  readonly waiting: T[];
  working: boolean;
  told: boolean;
}

/** Lanes at rest are kept, because people mostly come back, until there are so many. */
const maxResting = 1_000;

export function createLanes<T>({ run, maxWaiting, maxRunning }: LanesOptions<T>): Lanes<T> {
  const lanes = new Map<string, Lane<T>>();
  let working = 0;
  let idlers: (() => void)[] = [];

  const open = (name: string): Lane<T> => {
    if (lanes.size - working >= maxResting) {
      for (const [each, lane] of lanes) if (!lane.working) lanes.delete(each);
    }
    const lane: Lane<T> = { waiting: [], working: false, told: false };
    lanes.set(name, lane);
    return lane;
  };

  const work = (lane: Lane<T>, item: T): void =>
    run(item, () => {
      const next = lane.waiting.shift();
      if (next === undefined) rest(lane);
      else work(lane, next);
    });

  const rest = (lane: Lane<T>): void => {
    lane.working = false;
    lane.told = false;
    working -= 1;
    if (working > 0) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  };

  return {
    add(name, item) {
      const lane = lanes.get(name) ?? open(name);
      if (!lane.working) {
        if (working >= maxRunning) return 'busy';
        working += 1;
        lane.working = true;
        work(lane, item);
        return 'taken';
      }
      if (lane.waiting.length < maxWaiting && !lane.told) {
        lane.waiting.push(item);
        return 'taken';
      }
      const answer = lane.told ? 'still full' : 'full';
      lane.told = true;
      return answer;
    },
    clear() {
      return [...lanes.values()].flatMap((lane) => lane.waiting.splice(0));
    },
    idle: () => (working === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  };
}
