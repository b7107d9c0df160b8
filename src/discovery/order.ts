import type { ServiceRecord } from './registry.ts';
import { byVersion } from './versions.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byVersionAndNode = (a: ServiceRecord, b: ServiceRecord): number =>
  byText(a.version, b.version) || byText(a.nodes[0]?.id ?? '', b.nodes[0]?.id ?? '');

/** One record a version, of records with one node each, which come in any order: sorted by name, then version, then node. */
export function ordered(records: Iterable<ServiceRecord>): readonly ServiceRecord[] {
  const services = new Map<string, ServiceRecord[]>();
  for (const record of records) {
    const known = services.get(record.name);
    if (known === undefined) services.set(record.name, [record]);
    else known.push(record);
  }
  return [...services]
    .toSorted(([a], [b]) => byText(a, b))
    .flatMap(([, same]) => byVersion(same.toSorted(byVersionAndNode)));
}
