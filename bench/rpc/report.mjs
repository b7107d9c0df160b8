import { goal } from '../lib/goal.mjs';
import { median } from '../lib/stats.mjs';
import { figure, spread, table } from '../lib/table.mjs';
import { CONTESTANTS, REFERENCE } from './run.mjs';

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
  const at = (concurrency) => slices.filter((slice) => slice.concurrency === concurrency);
  const ratios = (name, concurrency, round) =>
    at(concurrency)
      .filter((slice) => slice.name === name && (round === undefined || slice.round === round))
      .map(({ ratio }) => ratio);
  const rounds = [...new Set(slices.map(({ round }) => round))];
  const ahead = (name, than, concurrency) =>
    median(rounds.map((round) => median(ratios(name, concurrency, round)) / median(ratios(than, concurrency, round))));
  const tail = (name, concurrency) =>
    median(
      at(concurrency)
        .filter((slice) => slice.name === name)
        .map(({ p99Ratio }) => p99Ratio),
    );
  const against = (name, concurrency, bound) =>
    goal(`RPC, ${name} at ${concurrency} at once, × undici`, median(ratios(name, concurrency)), 'at least', bound);
  const moleculer = (name, concurrency, is, bound) =>
    goal(
      `RPC, ${name} at ${concurrency} at once, × Moleculer TCP`,
      ahead(name, 'moleculer-tcp', concurrency),
      is,
      bound,
    );
  const grpc = (concurrency) =>
    goal(
      `RPC, micro-bot-grpc at ${concurrency} at once, × grpc-js`,
      ahead('micro-bot-grpc', 'grpc-js', concurrency),
      'at least',
      1.9,
    );
  const p99 = (name, concurrency) =>
    goal(`RPC, ${name} at ${concurrency} at once, p99 × undici's`, tail(name, concurrency), 'at most', 1);
  return [
    against('micro-bot', 1, 1.4),
    against('micro-bot', 16, 2),
    against('micro-bot', 50, 2),
    moleculer('micro-bot', 16, 'more than', 1),
    against('micro-bot-multiplexed', 16, 4),
    against('micro-bot-multiplexed', 50, 6),
    moleculer('micro-bot-multiplexed', 16, 'at least', 2),
    moleculer('micro-bot-multiplexed', 50, 'at least', 2),
    grpc(16),
    grpc(50),
    ...['micro-bot', 'micro-bot-multiplexed'].flatMap((name) =>
      [1, 16, 50].map((concurrency) => p99(name, concurrency)),
    ),
  ];
}
