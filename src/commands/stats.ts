import { formatDuration } from '../runtime/duration.ts';
import type { Command } from './command.ts';
import { type NodesDeps, nodesCommand } from './nodes.ts';
import { formatStamp } from './time.ts';

export const stats = (deps: NodesDeps): Command =>
  nodesCommand(
    {
      verb: 'stats',
      description: 'Returns stats of a service',
      endpoint: 'Debug.Stats',
      columns: ['started', 'uptime', 'memory', 'threads', 'gc'].map((title) => ({ title })),
      cells: ({ started, uptime, memory, threads, gc }) => [
        formatStamp(new Date(number(started) * 1000)),
        formatDuration(number(uptime) * 1e9),
        `${(number(memory) / 2 ** 20).toFixed(2)}mb`,
        String(number(threads)),
        formatDuration(number(gc)),
      ],
      failed: () => ['', '', '', '0', ''],
    },
    deps,
  );

/** Protobuf's JSON writes 64-bit numbers as text and leaves zeros out. */
function number(value: unknown): number {
  const read = Number(value ?? 0);
  return Number.isFinite(read) && read > 0 ? read : 0;
}
