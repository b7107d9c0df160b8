import { goal } from '../lib/goal.mjs';
import { median } from '../lib/stats.mjs';
import { figure, spread, table } from '../lib/table.mjs';
import { CONTESTANTS } from './run.mjs';

const OURS = 'micro-bot';
const BUS = 'hubot-command-bus';
const microseconds = (perSecond) => figure(1e6 / perSecond, 1);

/** The table and the goals of a run. */
export function reportRouting({ slices }, { sizes }) {
  const of = (name, size, key) =>
    slices.filter((slice) => slice.name === name && slice.size === size).map((slice) => slice[key]);
  const middle = (name, size, key) => median(of(name, size, key));
  /** One ratio a round, of two slices of that round. */
  const ratios = (above, below) =>
    [...new Set(slices.map(({ round }) => round))].map((round) => {
      const hits = ([name, size]) =>
        slices.find((slice) => slice.name === name && slice.size === size && slice.round === round)?.hits;
      return hits(above) / hits(below);
    });
  const rows = sizes.flatMap((size) =>
    CONTESTANTS.filter((name) => of(name, size, 'hits').length > 0).map((name) => [
      name,
      figure(size),
      figure(middle(name, size, 'hits')),
      microseconds(middle(name, size, 'hits')),
      spread(ratios([name, size], [BUS, size]), 2),
      microseconds(middle(name, size, 'misses')),
      figure(middle(name, size, 'setUpMs')),
      figure(middle(name, size, 'residentMb')),
    ]),
  );
  const titles = [
    'Routing',
    'commands',
    'messages/s',
    'µs/message',
    '× command bus (min–max)',
    'µs/unknown word',
    'set-up ms',
    'RSS MB',
  ];
  const worst = sizes
    .map((size) => ({ size, ratio: median(ratios([OURS, size], [BUS, size])) }))
    .reduce((a, b) => (a.ratio <= b.ratio ? a : b));
  const [few, many] = [sizes.at(0), sizes.at(-1)];
  return {
    tables: [table(titles, rows)],
    goals: [
      goal("routing, × Hubot's command bus", worst.ratio, 'at least', 2, {
        note: `the least, at ${figure(worst.size)} commands`,
      }),
      goal(
        `routing, ${figure(few)} → ${figure(many)} commands slower by`,
        median(ratios([OURS, few], [OURS, many])),
        'at most',
        1.3,
      ),
    ],
  };
}
