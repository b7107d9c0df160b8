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
  /** Must not reject. */
  readonly run: (item: T) => Promise<void>;
  /** In one lane. */
  readonly maxWaiting: number;
  /** In all lanes; each runs one at a time. */
  readonly maxRunning: number;
}

interface Lane<T> {
  waiting: T[];
  told: boolean;
}

export function createLanes<T>({ run, maxWaiting, maxRunning }: LanesOptions<T>): Lanes<T> {
  const lanes = new Map<string, Lane<T>>();
  let idlers: (() => void)[] = [];

  const work = async (name: string, lane: Lane<T>, first: T): Promise<void> => {
    await run(first);
    for (let item = lane.waiting.shift(); item !== undefined; item = lane.waiting.shift()) await run(item);
    lanes.delete(name);
    if (lanes.size > 0) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  };

  return {
    add(name, item) {
      const lane = lanes.get(name);
      if (lane === undefined) {
        if (lanes.size >= maxRunning) return 'busy';
        const opened: Lane<T> = { waiting: [], told: false };
        lanes.set(name, opened);
        void work(name, opened, item);
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
    idle: () => (lanes.size === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  };
}
