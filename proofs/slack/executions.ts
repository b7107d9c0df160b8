/** Of all commands together. */
export const executions = (runs: ReadonlyMap<string, number>): number =>
  [...runs.values()].reduce((sum, times) => sum + times, 0);
