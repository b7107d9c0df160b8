import { goal } from '../lib/goal.mjs';
import { median } from '../lib/stats.mjs';
import { figure, spread, table } from '../lib/table.mjs';
import { CONTESTANTS, REFERENCE } from './run.mjs';

const TITLES = ['Server streams', 'streams', 'messages/s (min–max)', `× ${REFERENCE} (min–max)`, 'CPU µs/message read'];

/** The table and the goals of a run. */
export function reportStreams({ slices }, { concurrencies }) {
  const of = (name, concurrency) => slices.filter((slice) => slice.name === name && slice.concurrency === concurrency);
  const perSecond = (name, concurrency) => of(name, concurrency).map((slice) => slice.perSecond);
  const ratios = (name, concurrency) =>
    of(name, concurrency).map(({ round, again, perSecond }) => {
      const beside = of(REFERENCE, concurrency).find((slice) => slice.round === round && slice.again === again);
      return perSecond / (beside?.perSecond ?? NaN);
    });
  const rows = concurrencies.flatMap((concurrency) =>
    CONTESTANTS.filter((name) => of(name, concurrency).length > 0).map((name) => [
      name,
      String(concurrency),
      spread(perSecond(name, concurrency)),
      spread(ratios(name, concurrency), 2),
      figure(median(of(name, concurrency).map(({ cpuUs }) => cpuUs)), 1),
    ]),
  );
  const goals = concurrencies.flatMap((concurrency) =>
    CONTESTANTS.filter((name) => name !== REFERENCE).map((name) =>
      goal(
        `streams, ${name}, ${concurrency} at once, messages/s`,
        median(perSecond(name, concurrency)),
        'at least',
        100_000,
        { digits: 0 },
      ),
    ),
  );
  return { tables: [table(TITLES, rows)], goals };
}
