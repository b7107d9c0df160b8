import type { Body } from './record-body.ts';
import type { Endpoint, Metadata, Node, ServiceRecord } from './registry.ts';

/** What the nodes of one version have in common. Those that were told with the same words have the same object. */
export interface Head {
  readonly name: string;
  readonly version: string;
  readonly body: Body;
}

/** A record as it was read: cheaper than a `ServiceRecord`. */
export interface Part {
  readonly head: Head;
  readonly nodes: readonly Node[];
}

/** Its endpoints are read when somebody asks for them; a copy has them as any other member. */
export const recordOf = ({ head, nodes }: Part): ServiceRecord => new LazyRecord(head, nodes);

export const partOf = ({ name, version, metadata, endpoints, nodes }: ServiceRecord): Part => ({
  head: { name, version, body: { metadata, endpoints: () => endpoints } },
  nodes,
});

/**
 * A class, whose objects have one getter in common: an object literal with a getter is a kind of object of its own to the engine, and ten
 * thousand of these take longer than to read all endpoints.
 */
class LazyRecord implements ServiceRecord {
  static readonly #endpoints = {
    enumerable: true,
    configurable: true,
    get(this: LazyRecord): readonly Endpoint[] {
      return this.#body.endpoints();
    },
  };
  readonly name: string;
  readonly version: string;
  readonly metadata: Metadata;
  declare readonly endpoints: readonly Endpoint[];
  readonly nodes: readonly Node[];
  readonly #body: Body;

  constructor({ name, version, body }: Head, nodes: readonly Node[]) {
    this.name = name;
    this.version = version;
    this.metadata = body.metadata;
    this.nodes = nodes;
    this.#body = body;
    Object.defineProperty(this, 'endpoints', LazyRecord.#endpoints);
  }
}
