import { goal } from '../lib/goal.mjs';
import { median } from '../lib/stats.mjs';
import { figure, spread, table } from '../lib/table.mjs';
import { DUELS, ROWS } from './rows.mjs';

const TITLES = ['Transport and codec', 'at once', 'calls/s (min–max)', 'mean ms', 'p50 ms', 'p90 ms', 'p99 ms'];

/** The table and the goals of a run. */
export function reportTable({ slices }, { concurrencies }) {
  const of = (name, concurrency, key) =>
    slices.filter((slice) => slice.name === name && slice.concurrency === concurrency).map((slice) => slice[key]);
  const middle = (name, concurrency, key) => median(of(name, concurrency, key));
  const rows = concurrencies.flatMap((concurrency) =>
    ROWS.filter(({ name }) => of(name, concurrency, 'calls').length > 0).map(({ name }) => [
      name,
      String(concurrency),
      spread(of(name, concurrency, 'perSecond')),
      ...['meanMs', 'p50Ms', 'p90Ms', 'p99Ms'].map((key) => figure(middle(name, concurrency, key), 2)),
    ]),
  );
  const goals = concurrencies.flatMap((concurrency) =>
    DUELS.map(([ours, theirs]) => {
      const ahead = middle(ours, concurrency, 'perSecond') / middle(theirs, concurrency, 'perSecond');
      return goal(`table, ${ours} at ${concurrency} at once, × ${theirs}`, ahead, 'more than', 1);
    }),
  );
  return { tables: [table(TITLES, rows)], goals };
}
