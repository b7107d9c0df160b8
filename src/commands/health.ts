import type { Command } from './command.ts';
import { type NodesDeps, nodesCommand } from './nodes.ts';

export const health = (deps: NodesDeps): Command =>
  nodesCommand(
    {
      verb: 'health',
      description: 'Returns health of a service',
      endpoint: 'Debug.Health',
      columns: [{ title: 'status' }],
      cells: ({ status }) => [typeof status === 'string' ? status : ''],
      failed: (reason) => [reason],
    },
    deps,
  );
