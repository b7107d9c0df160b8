/** What names a lane: one person in one room of one input. */
export interface Conversation {
  readonly input: string;
  readonly room: string;
  readonly sender: string;
}

/** Work in order within a lane, and at the same time across lanes. */
export interface Lanes<T extends Conversation> {
  /**
   * Takes an item, or says why not: `full` when too many wait in its lane (the first time until all of those are done; `still full`
   * after that), `busy` when too many run in all.
   */
  add(item: T): 'taken' | 'full' | 'still full' | 'busy';
  /** What runs in a lane at the moment. */
  current(conversation: Conversation): T | undefined;
  /** Takes out and returns all that wait. */
  clear(): readonly T[];
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

export interface LanesOptions<T, R> {
  /** Must call `done` once, sooner or later, and not throw. */
  readonly run: (item: T, done: (result: R) => void) => void;
  /** It was done. Must not throw. */
  readonly ended: (item: T, result: R) => void;
  /** In one lane. */
  readonly maxWaiting: number;
  /** In all lanes; each runs one at a time. */
  readonly maxRunning: number;
}

interface Lane<T, R> extends Conversation {
  readonly waiting: T[];
  /** What runs is done. */
  readonly done: (result: R) => void;
  /** What runs; undefined: it is at rest. */
  item: T | undefined;
  told: boolean;
}

const none: readonly never[] = [];

/** Lanes at rest are kept, because people mostly come back, until there are so many. */
const maxResting = 1_000;

export function createLanes<T extends Conversation, R>(options: LanesOptions<T, R>): Lanes<T> {
  const { run, ended, maxWaiting, maxRunning } = options;
  /** By sender: to make one key of three costs more than to look through the few rooms a person speaks in. */
  const lanes = new Map<string, Lane<T, R>[]>();
  let count = 0;
  let working = 0;
  let idlers: (() => void)[] = [];

  const all = (): readonly Lane<T, R>[] => [...lanes.values()].flat();

  const find = ({ input, room, sender }: Conversation): Lane<T, R> | undefined => {
    for (const lane of lanes.get(sender) ?? none) if (lane.room === room && lane.input === input) return lane;
    return undefined;
  };

  const open = ({ input, room, sender }: Conversation): Lane<T, R> => {
    if (count - working >= maxResting) forgetResting();
    const done = (result: R): void => {
      if (lane.item !== undefined) ended(lane.item, result);
      const next = lane.waiting.shift();
      if (next === undefined) rest(lane);
      else work(lane, next);
    };
    const lane: Lane<T, R> = { input, room, sender, waiting: [], done, item: undefined, told: false };
    keep(lane);
    return lane;
  };

  const forgetResting = (): void => {
    const working = all().filter((lane) => lane.item !== undefined);
    lanes.clear();
    count = 0;
    for (const lane of working) keep(lane);
  };

  const keep = (lane: Lane<T, R>): void => {
    const others = lanes.get(lane.sender);
    if (others === undefined) lanes.set(lane.sender, [lane]);
    else others.push(lane);
    count += 1;
  };

  const work = (lane: Lane<T, R>, item: T): void => {
    lane.item = item;
    run(item, lane.done);
  };

  const rest = (lane: Lane<T, R>): void => {
    lane.item = undefined;
    lane.told = false;
    working -= 1;
    if (working > 0) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  };

  return {
    add(item) {
      const lane = find(item) ?? open(item);
      if (lane.item === undefined) {
        if (working >= maxRunning) return 'busy';
        working += 1;
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
    current: (conversation) => find(conversation)?.item,
    clear() {
      return all().flatMap((lane) => lane.waiting.splice(0));
    },
    idle: () => (working === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  };
}
