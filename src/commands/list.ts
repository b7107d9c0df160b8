import type { Versions } from '../discovery/directory.ts';
import type { Document } from '../document/document.ts';
import type { Command, Option } from './command.ts';
import { completeService } from './complete.ts';
import { formatMetadata } from './metadata.ts';
import { findService, type Whereabouts } from './whereabouts.ts';

export const options: readonly Option[] = [
  { name: 'versions', kind: 'boolean', usage: 'Show each version, with the number of its nodes' },
];

/** What one node says must not push everything else out of sight: `get service` has all of it. */
const maxLength = 80;

export const listServices = (where: Whereabouts): Command => ({
  name: 'list services',
  usage: 'list services',
  description: 'Returns a list of registered services',
  source: { kind: 'builtin' },
  effect: 'read',
  options,
  run: async ({ options, signal }): Promise<Document> =>
    where.dated(
      options['versions'] === true
        ? versionTable(await where.all(signal))
        : { kind: 'list', items: await where.names(signal) },
    ),
});

export const listNodes = (where: Whereabouts): Command => ({
  name: 'list nodes',
  usage: 'list nodes [service]',
  description: 'Returns a list of nodes, of one service or of all',
  source: { kind: 'builtin' },
  effect: 'read',
  complete: completeService(where),
  run: async ({ args, signal }): Promise<Document> => {
    const service = args.word(0) ?? '';
    return where.dated(nodeTable(service === '' ? await where.all(signal) : await findService(where, service)));
  },
});

const versionTable = (records: Versions): Document => ({
  kind: 'table',
  columns: ['Service', 'Version', 'Nodes'].map((title) => ({ title })),
  rows: records.map(({ name, version, nodes }) => [name, version, String(nodes.length)].map(short)),
});

const nodeTable = (records: Versions): Document => ({
  kind: 'table',
  columns: ['Service', 'Version', 'ID', 'Address', 'Metadata'].map((title) => ({ title })),
  rows: records.flatMap(({ name, version, nodes }) =>
    nodes.map(({ id, address, metadata }) => [name, version, id, address, formatMetadata(metadata)].map(short)),
  ),
});

const short = (line: string): string => (line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line);
