import type { Release } from '../../support/go.ts';

export const registries = ['etcd', 'nats', 'mdns'] as const;
export type RegistryName = (typeof registries)[number];

/** What must come about between a Go service and us who meet in a registry. */
export const encounters = [
  'we list and get it',
  'we call it',
  'we see it come and go',
  'we miss it after kill -9',
  'it lists and gets us',
  'it calls us',
  'it sees us come and go',
  'it misses us after kill -9',
] as const;
export type Encounter = (typeof encounters)[number];

/** One encounter with one release in one registry. */
export interface Cell {
  readonly registry: RegistryName;
  readonly release: Release;
  readonly encounter: Encounter;
}

/** A cell's name; scripts/interop.mjs takes it apart again. */
export const cellName = ({ registry, release, encounter }: Cell): string => [registry, release, encounter].join(' | ');

export const cellsOf = (registry: RegistryName, releases: readonly Release[]): readonly Cell[] =>
  releases.flatMap((release) => encounters.map((encounter) => ({ registry, release, encounter })));
