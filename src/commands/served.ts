import type { Metadata, ServiceRecord } from '../discovery/registry.ts';
import type { Filter } from '../runtime/client/client.ts';
import type { PlannedNode, Target } from './plan.ts';
import { ruleKeys } from './rules.ts';

/** The records of a service as they are now. */
export type Records = (service: string) => readonly ServiceRecord[];

/** Metadata is replaced, never changed. */
const known = new WeakMap<Metadata, string>();

const silent = JSON.stringify([...ruleKeys, 'command', 'parameters'].map(() => ''));

/** All that an endpoint's metadata says of who may run its command and how. Equal texts say the same. */
export function conditionsOf(metadata: Metadata): string {
  const before = known.get(metadata);
  if (before !== undefined) return before;
  const text = JSON.stringify([...ruleKeys, 'command', 'parameters'].map((key) => metadata[key] ?? ''));
  known.set(metadata, text);
  return text;
}

/**
 * Keeps the records of which `metadataOf` sets conditions that were read, or none at all; undefined: it has nothing to call. A version that came a
 * moment ago, or whose conditions make no sense, is not called under those of another.
 */
export const asRead =
  (metadataOf: (record: ServiceRecord) => Metadata | undefined, read: ReadonlySet<string>): Filter =>
  (records) =>
    records.filter((record) => {
      const metadata = metadataOf(record);
      if (metadata === undefined) return false;
      const conditions = conditionsOf(metadata);
      return read.has(conditions) || conditions === silent;
    });

/** The metadata of an endpoint, where a record has it. */
export const endpointMetadata =
  (endpoint: string) =>
  ({ endpoints }: ServiceRecord): Metadata | undefined =>
    endpoints.find(({ name }) => name === endpoint)?.metadata;

/** Keeps one version. */
export const ofVersion =
  (wanted: string): Filter =>
  (records) =>
    records.filter(({ version }) => version === wanted);

export interface Destination {
  readonly target: Target;
  nodes(): Promise<readonly PlannedNode[]>;
}

/** Where a call goes that is narrowed by these filters. It has a version when all nodes that it can go to have the same. */
export function destination(
  service: string,
  endpoint: string,
  records: Records,
  filters: readonly Filter[],
): Destination {
  const now = (): readonly ServiceRecord[] => filters.reduce((left, filter) => filter(left), records(service));
  const [first, ...others] = now();
  const version = others.length === 0 ? (first?.version ?? '') : '';
  return {
    target: { service, endpoint, version },
    nodes: async () =>
      now().flatMap((record) => record.nodes.map(({ id, address }) => ({ id, address, version: record.version }))),
  };
}
