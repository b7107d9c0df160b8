import { goal } from '../lib/goal.mjs';
import { median } from '../lib/stats.mjs';
import { figure, spread, table } from '../lib/table.mjs';
import { CONTESTANTS, REFERENCE } from './run.mjs';

const DECISIVE = 16;
const MIB = 'RSS MB client / server';

/** The table and the goals of a run. */
export function reportRpc({ slices }, { concurrencies }) {
  const of = (name, concurrency, key) =>
    slices.filter((slice) => slice.name === name && slice.concurrency === concurrency).map((slice) => slice[key]);
  const middle = (name, concurrency, key) => median(of(name, concurrency, key));
  const label = (name) => (name === REFERENCE ? `${name} (against itself: noise)` : name);
  const rows = concurrencies.flatMap((concurrency) =>
    CONTESTANTS.filter((name) => of(name, concurrency, 'ratio').length > 0).map((name) => [
      label(name),
      String(concurrency),
      spread(of(name, concurrency, 'ratio'), 2),
      figure(middle(name, concurrency, 'perSecond')),
      `${figure(middle(name, concurrency, 'p50Ms'), 2)} / ${figure(middle(name, concurrency, 'p99Ms'), 2)}`,
      `${figure(middle(name, concurrency, 'clientCpuUs'))} + ${figure(middle(name, concurrency, 'serverCpuUs'))}`,
      `${figure(middle(name, concurrency, 'clientMb'))} / ${figure(middle(name, concurrency, 'serverMb'))}`,
    ]),
  );
  const titles = [
    'RPC echo',
    'at once',
    `× ${REFERENCE} (min–max)`,
    'calls/s',
    'p50 / p99 ms',
    'CPU µs/call client + server',
    MIB,
  ];
  return { tables: [table(titles, rows)], goals: goals(slices) };
}

function goals(slices) {
  const decisive = slices.filter(({ concurrency }) => concurrency === DECISIVE);
  const ratios = (name, round) =>
    decisive
      .filter((slice) => slice.name === name && (round === undefined || slice.round === round))
      .map(({ ratio }) => ratio);
  const rounds = [...new Set(decisive.map(({ round }) => round))];
  const ahead = rounds.map((round) => median(ratios('micro-bot', round)) / median(ratios('moleculer-tcp', round)));
  return [
    goal(`RPC at ${DECISIVE} at once, × undici`, median(ratios('micro-bot')), 'at least', 2),
    goal(`RPC at ${DECISIVE} at once, × Moleculer TCP`, median(ahead), 'more than', 1),
  ];
}
