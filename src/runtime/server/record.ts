import type { Endpoint, Metadata, ServiceRecord } from '../../discovery/registry.ts';
import type { Handler, Method } from './server.ts';

export interface RecordOptions {
  readonly name: string;
  readonly version: string;
  readonly nodeId: string;
  readonly address: string;
  readonly metadata: Metadata;
  readonly handlers: readonly Handler[];
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : Number(one.name > other.name);

/** What a server tells the registry. Internal handlers stay out. */
export function recordOf({ name, version, nodeId, address, metadata, handlers }: RecordOptions): ServiceRecord {
  const endpoints = handlers
    .filter(({ internal }) => internal !== true)
    .flatMap((handler) =>
      Object.entries(handler.methods).map(([method, shape]) => endpoint(handler.name, method, shape)),
    )
    .sort(byName);
  return { name, version, metadata: {}, endpoints, nodes: [{ id: nodeId, address, metadata }] };
}

function endpoint(type: string, name: string, method: Method): Endpoint {
  const stream: Metadata = method.kind === 'stream' ? { stream: 'true' } : {};
  return {
    name: `${type}.${name}`,
    request: method.request?.value,
    response: method.response?.value,
    metadata: { ...method.metadata, ...stream },
  };
}
