import { goal } from '../lib/goal.mjs';
import { median } from '../lib/stats.mjs';
import { figure, spread, table } from '../lib/table.mjs';
import { CONTESTANTS } from './run.mjs';

const [BARE, HELP, BOT] = CONTESTANTS;

/** The table and the goals of a run. */
export function reportStartup({ slices }) {
  const of = (name) => slices.filter((slice) => slice.name === name);
  const times = (name) => of(name).map(({ ms }) => ms);
  const ratios = (name) =>
    of(name).map(
      ({ ms, round }) => ms / (slices.find((slice) => slice.name === BARE && slice.round === round)?.ms ?? NaN),
    );
  const memory = median(of(BOT).map((slice) => slice.residentMb));
  const rows = CONTESTANTS.filter((name) => of(name).length > 0).map((name) => [
    name,
    name === BOT ? 'first line answered' : 'exit',
    spread(times(name)),
    spread(ratios(name), 2),
    name === BOT ? figure(memory) : '–',
  ]);
  return {
    tables: [table(['Start-up', 'until', 'ms (min–max)', `× ${BARE} (min–max)`, 'RSS MB'], rows)],
    goals: [
      goal(`micro --help, × ${BARE}`, median(ratios(HELP)), 'at most', 2.5),
      goal('bot on the console ready', median(times(BOT)) / 1_000, 'at most', 0.6, { unit: ' s', digits: 3 }),
      goal('bot on the console, memory', memory, 'at most', 90, { unit: ' MB', digits: 1 }),
    ],
  };
}
