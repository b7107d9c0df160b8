import { goal } from '../lib/goal.mjs';
import { median } from '../lib/stats.mjs';
import { figure, table } from '../lib/table.mjs';
import { WAYS } from './run.mjs';

/** What a command costs from the line that was typed to the answer as it is shown. */
export function reportPipeline({ slices }) {
  const middle = (name, key) => median(slices.filter((each) => each.name === name).map((each) => each[key]));
  const rows = WAYS.map((name) => [
    name,
    figure(middle(name, 'perSecond')),
    figure(middle(name, 'cpuUs'), 1),
    figure(middle(name, 'residentMb')),
  ]);
  return {
    tables: [table(['Pipeline', 'commands/s', 'CPU µs', 'RSS MB'], rows)],
    goals: [
      goal('parse, permission, audit, route and render, commands/s', middle('whole', 'perSecond'), 'at least', 50_000, {
        digits: 0,
        note: '200 rules, the audit in a file, 64 people at once',
      }),
    ],
  };
}
