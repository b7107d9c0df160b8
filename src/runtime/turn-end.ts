/** Gathers something in a turn of the event loop. */
export interface Gatherer {
  /** The turn is over. Must not throw. */
  endTurn(): void;
}

let waiting: Gatherer[] = [];

/** Calls `endTurn` once the turn is over, before anything else is received. */
export function atTurnEnd(gatherer: Gatherer): void {
  // A tick comes after the promises that are settled by now: what they lead to is gathered, too.
  if (waiting.push(gatherer) === 1) process.nextTick(endAll);
}

function endAll(): void {
  const all = waiting;
  waiting = [];
  for (const gatherer of all) gatherer.endTurn();
}
