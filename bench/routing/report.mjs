import { goal } from '../lib/goal.mjs';
import { median } from '../lib/stats.mjs';
import { figure, spread, table } from '../lib/table.mjs';
import { CONTESTANTS } from './run.mjs';

const OURS = 'micro-bot';
const BUS = 'hubot-command-bus';
const TITLES = [
  'Routing',
  'commands',
  'messages/s',
  'CPU µs',
  '× command bus (min–max)',
  'µs/unknown word',
  'set-up ms',
  'RSS MB',
];

/** The table and the goals of a run. */
export function reportRouting({ slices }, { sizes }) {
  const of = (name, size, key) =>
    slices.flatMap((slice) =>
      slice.name === name && slice.size === size && slice[key] !== undefined ? [slice[key]] : [],
    );
  const middle = (name, size, key) => median(of(name, size, key));
  const rates = new Map(
    slices.map(({ name, size, pass, missPerSecond, perSecond }) => [
      `${name} ${size} ${pass}`,
      missPerSecond ?? perSecond,
    ]),
  );
  const passes = [
    ...new Set(slices.filter(({ missPerSecond }) => missPerSecond === undefined).map(({ pass }) => pass)),
  ];
  /** One ratio a pass. */
  const ratios = ([name, size], [other, otherSize]) =>
    passes.map((pass) => rates.get(`${name} ${size} ${pass}`) / rates.get(`${other} ${otherSize} ${pass}`));
  const rows = sizes.flatMap((size) =>
    CONTESTANTS.filter((name) => of(name, size, 'perSecond').length > 0).map((name) => [
      name,
      figure(size),
      figure(middle(name, size, 'perSecond')),
      figure(middle(name, size, 'cpuUs'), 1),
      spread(ratios([name, size], [BUS, size]), 2),
      figure(1e6 / middle(name, size, 'missPerSecond'), 1),
      figure(middle(name, size, 'setUpMs')),
      figure(middle(name, size, 'residentMb')),
    ]),
  );
  const worst = sizes
    .map((size) => ({ size, ratio: median(ratios([OURS, size], [BUS, size])) }))
    .reduce((one, other) => (one.ratio <= other.ratio ? one : other));
  const [few, many] = [sizes.at(0), sizes.at(-1)];
  return {
    tables: [table(TITLES, rows)],
    goals: [
      goal("routing, × Hubot's command bus", worst.ratio, 'at least', 2, {
        note: `the least, at ${figure(worst.size)} commands`,
      }),
      goal(
        `routing, times slower from ${figure(few)} to ${figure(many)} commands`,
        median(ratios([OURS, few], [OURS, many])),
        'at most',
        1.3,
      ),
    ],
  };
}
