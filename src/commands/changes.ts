import type { Versions } from '../discovery/directory.ts';
import type { Node, ServiceRecord } from '../discovery/registry.ts';
import { oneLine } from '../document/harmless.ts';
import { formatMetadata } from './metadata.ts';

const none: Versions = [];

/** What became of a service, a line for each node: `+` came, `-` went, `~` changed. A version that changed but for its nodes is a line, too. */
export function changesOf(before: Versions = none, after: Versions = none): readonly string[] {
  const older = nodesOf(before);
  const newer = nodesOf(after);
  const gone = [...older].filter(([key]) => !newer.has(key)).map(([, known]) => lineOf('-', known));
  const others = [...newer].flatMap(([key, now]) => {
    const known = older.get(key);
    if (known === undefined) return [lineOf('+', now)];
    return sameNode(known.node, now.node) ? [] : [lineOf('~', now)];
  });
  const versions = after.flatMap((now) => {
    const known = before.find(({ version }) => version === now.version);
    return known === undefined || sameVersion(known, now) ? [] : [lineOf('~', { record: now })];
  });
  return [...gone, ...others, ...versions];
}

interface Place {
  readonly record: ServiceRecord;
  readonly node: Node;
}

const nodesOf = (versions: Versions): ReadonlyMap<string, Place> =>
  new Map(
    versions.flatMap((record) =>
      record.nodes.map((node) => [JSON.stringify([record.version, node.id]), { record, node }] as const),
    ),
  );

const lineOf = (sign: string, { record, node }: { readonly record: ServiceRecord; readonly node?: Node }): string =>
  [sign, record.name, record.version, node?.id ?? '', node?.address ?? '']
    .filter((part) => part !== '')
    .map(oneLine)
    .join(' ');

const sameNode = (one: Node, other: Node): boolean =>
  one === other || (one.address === other.address && formatMetadata(one.metadata) === formatMetadata(other.metadata));

const sameVersion = (one: ServiceRecord, other: ServiceRecord): boolean =>
  formatMetadata(one.metadata) === formatMetadata(other.metadata) &&
  (one.endpoints === other.endpoints || JSON.stringify(one.endpoints) === JSON.stringify(other.endpoints));
