import { goal } from '../lib/goal.mjs';
import { median, percentile, range } from '../lib/stats.mjs';
import { figure, spread, table } from '../lib/table.mjs';

const OURS = 'micro-bot';
const sorted = (values) => Float64Array.from(values).sort();
const p99 = (values) => percentile(sorted(values), 0.99);

const ratios = ({ lists }) => lists.map(({ askMs, ctlMs }) => askMs / ctlMs);
const bytesANode = ({ heldMb, nodes }) => (heldMb * 1e6) / nodes;

const etcdTable = (sizes) =>
  table(
    [
      'Discovery over etcd',
      'nodes',
      'etcdctl ms (min–max)',
      'first list ms (min–max)',
      '× etcdctl (min–max)',
      'whole process ms',
      'followed after ms',
      'heap MB',
      'B/node',
      'RSS MB',
      'ns/lookup',
    ],
    sizes.map((size) => [
      `${figure(size.services)} services`,
      figure(size.nodes),
      spread(size.lists.map(({ ctlMs }) => ctlMs)),
      spread(size.lists.map(({ askMs }) => askMs)),
      spread(ratios(size), 2),
      figure(median(size.lists.map(({ wholeMs }) => wholeMs))),
      figure(size.readyMs),
      figure(size.heldMb, 1),
      figure(bytesANode(size)),
      figure(size.residentMb),
      figure(median(size.passes)),
    ]),
  );

const TIMES = ['times', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms'];

function timesOf(name, values) {
  const all = sorted(values);
  const at = (share) => figure(percentile(all, share), 1);
  return [name, figure(all.length), at(0.5), at(0.9), at(0.99), figure(range(all)[1], 1)];
}

/** The tables and the goals of a run. */
export function reportDiscovery({ slices: { etcd = [], mdns = [] } }) {
  const [first] = etcd;
  const most = etcd.at(-1);
  const of = (name) => mdns.filter((time) => time.name === name).map(({ ms }) => ms);
  const tables = [];
  if (first !== undefined) {
    tables.push(etcdTable(etcd));
    const among = `among ${figure(first.services)} services`;
    tables.push(
      table(
        [`Changes ${among}`, ...TIMES],
        [timesOf('put in etcd → command usable', first.came), timesOf('deleted in etcd → command gone', first.went)],
      ),
    );
  }
  if (mdns.length > 0) {
    const names = [...new Set(mdns.map(({ name }) => name))];
    tables.push(
      table(
        ['Lookup over mDNS, three nodes', ...TIMES],
        names.map((name) => timesOf(name, of(name))),
      ),
    );
  }
  return { tables, goals: goalsOf(first, most, of(OURS)) };
}

/** Nothing was measured. */
const nothing = {
  lists: [],
  heldMb: NaN,
  nodes: NaN,
  residentMb: NaN,
  readyMs: NaN,
  services: NaN,
  passes: [],
  came: [],
};

function goalsOf(first = nothing, most = nothing, lookups) {
  const cost = `followed after ${figure(most.readyMs)} ms, ${figure(most.heldMb)} MB of heap, ${figure(most.residentMb)} MB in all`;
  return [
    goal(`first list of ${figure(first.nodes)} nodes in etcd, × etcdctl`, median(ratios(first)), 'at most', 1.2),
    goal('heap a node', bytesANode(first) / 1_000, 'at most', 2, { unit: ' kB' }),
    goal('lookup of one service', median(first.passes) / 1_000, 'at most', 2, { unit: ' µs', digits: 3 }),
    goal('put in etcd → command usable, p99', p99(first.came), 'at most', 150, {
      unit: ' ms',
      digits: 1,
      note: `${figure(first.came.length)} puts among ${figure(first.services)} services`,
    }),
    goal('nodes in one directory', most.nodes, 'at least', 100_000, { digits: 0, note: cost }),
    goal('lookup over mDNS of a service known before', median(lookups), 'at most', 25, {
      unit: ' ms',
      digits: 1,
      note: `p99 ${figure(p99(lookups), 1)} ms`,
    }),
  ];
}
