import type { Endpoint, Node, ServiceRecord } from '../discovery/registry.ts';
import { type Code, type Document, text } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import type { Command, Invocation } from './command.ts';
import { completeService } from './complete.ts';
import { complain } from './failure.ts';
import { formatMetadata } from './metadata.ts';
import { formatValue } from './value.ts';
import { findService, type Whereabouts } from './whereabouts.ts';

export const getService = (where: Whereabouts): Command => ({
  name: 'get service',
  usage: 'get service [name]',
  description: 'Returns a registered service',
  source: { kind: 'builtin' },
  effect: 'read',
  complete: completeService(where),
  run: async (invocation: Invocation): Promise<Document> => {
    const name = invocation.args.word(0) ?? '';
    if (name === '') {
      return complain(invocation, invocation.caller.input === 'cli' ? 'service required' : 'require service name');
    }
    return where.dated(describe(name, await findService(where, name)));
  },
});

const describe = (name: string, records: readonly ServiceRecord[]): Document => ({
  kind: 'group',
  parts: [
    text(`service  ${oneLine(name)}`),
    ...records.flatMap(describeVersion),
    // All versions are taken to serve what the first does.
    ...(records[0]?.endpoints ?? []).map(describeEndpoint),
  ],
});

const describeVersion = ({ version, nodes }: ServiceRecord): readonly Document[] => [
  ...(version === '' ? [] : [text(`version ${oneLine(version)}`)]),
  {
    kind: 'table',
    // As go-micro shows it, on a screen, too.
    columns: ['ID', 'Address', 'Port', 'Metadata'].map((title) => ({ title, tabs: 1 })),
    rows: nodes.map(describeNode),
  },
];

function describeNode({ id, address, metadata }: Node): readonly string[] {
  const [, host = address, port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return [id, host.replace(/^\[(.*)\]$/, '$1'), port, formatMetadata(metadata)];
}

const describeEndpoint = ({ name, request, response, metadata }: Endpoint): Document => {
  const isSubscriber = metadata['subscriber'] === 'true';
  const shown = isSubscriber ? metadata : { ...metadata, stream: metadata['stream'] === 'true' ? 'true' : 'false' };
  const block: Document = {
    kind: 'group',
    parts: [
      {
        kind: 'fields',
        fields: [
          { name: 'Endpoint', value: name },
          { name: 'Metadata', value: formatMetadata(shown) },
        ],
      },
      code(`Request: ${formatValue(request)}`),
      code(`Response: ${formatValue(response)}`),
    ],
  };
  // The empty line after each endpoint is part of the layout, also after the last.
  return { kind: 'group', gap: 0, parts: [block, text('')] };
};

const code = (value: string): Code => ({ kind: 'code', text: value });
