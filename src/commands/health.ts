import type { Registry } from '../discovery/registry.ts';
import type { Client } from '../runtime/client/client.ts';
import type { Command } from './command.ts';
import { nodesCommand } from './nodes.ts';

export const health = (deps: { readonly registry: Registry; readonly client: Client }): Command =>
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
