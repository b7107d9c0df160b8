import type { Endpoint, Metadata, ServiceRecord } from '../../discovery/registry.ts';
import type { Handler, Method, Subscriber } from './server.ts';

export interface RecordOptions {
  readonly name: string;
  readonly version: string;
  readonly nodeId: string;
  readonly address: string;
  readonly metadata: Metadata;
  readonly handlers: readonly Handler[];
  readonly subscribers: readonly Subscriber[];
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : Number(one.name > other.name);

/** What a server tells the registry: methods by name, then subscribers by topic. What is internal stays out. */
export function recordOf(options: RecordOptions): ServiceRecord {
  const { name, version, nodeId, address, metadata, handlers, subscribers } = options;
  const methods = handlers
    .filter(({ internal }) => internal !== true)
    .flatMap((handler) =>
      Object.entries(handler.methods).map(([method, shape]) => endpoint(handler.name, method, shape)),
    )
    .sort(byName);
  const topics = subscribers
    .filter(({ internal }) => internal !== true)
    .toSorted((one, other) => byName({ name: one.topic }, { name: other.topic }))
    .map(event);
  const endpoints = [...methods, ...topics];
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

/** How go-micro tells subscribers from methods. */
const event = ({ name = 'Func', topic, message }: Subscriber): Endpoint => ({
  name,
  request: message?.value,
  response: undefined,
  metadata: { topic, subscriber: 'true' },
});
