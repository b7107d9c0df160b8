import type { ServiceRecord } from '../../src/discovery/registry.ts';

/** A service that nobody serves, with one command. */
export const commandRecord = (
  command: string,
  name: string,
  more: Readonly<Record<string, string>> = {},
): ServiceRecord => ({
  name,
  version: '1',
  metadata: {},
  endpoints: [{ name: 'A.B', request: undefined, response: undefined, metadata: { command, ...more } }],
  nodes: [{ id: `${name}-1`, address: '127.0.0.1:1', metadata: {} }],
});
