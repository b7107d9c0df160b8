import type { Release } from '../../support/go.ts';

export const exchanges = [
  'unary',
  'error',
  'metadata',
  'timeout',
  'server stream',
  'client stream',
  'bidirectional',
  'event over http',
  'event over nats',
] as const;
export type Exchange = (typeof exchanges)[number];

/** Who begins: who calls, and who publishes. */
export const directions = ['we call', 'they call'] as const;
export type Direction = (typeof directions)[number];

/** Which Go types the messages are of: plain structs, generated ones, or bytes. */
export type Kind = 'json' | 'proto' | 'bytes';

export interface Way {
  readonly protocol: 'mucp' | 'grpc';
  readonly contentType: string;
  readonly kind: Kind;
}

const way = (protocol: Way['protocol'], contentType: string, kind: Kind): Way => ({
  protocol,
  contentType: `application/${contentType}`,
  kind,
});

/** Every content type of either protocol; all three releases have them all. */
export const ways: readonly Way[] = [
  way('mucp', 'json', 'json'),
  way('mucp', 'protobuf', 'proto'),
  way('mucp', 'json-rpc', 'json'),
  way('mucp', 'proto-rpc', 'proto'),
  way('mucp', 'octet-stream', 'bytes'),
  way('mucp', 'grpc', 'proto'),
  way('mucp', 'grpc+proto', 'proto'),
  way('mucp', 'grpc+json', 'json'),
  way('grpc', 'json', 'json'),
  way('grpc', 'protobuf', 'proto'),
  way('grpc', 'grpc+json', 'json'),
  way('grpc', 'grpc+proto', 'proto'),
  way('grpc', 'grpc+bytes', 'bytes'),
];

/** One thing that must work between us and one release. */
export interface Cell {
  readonly release: Release;
  readonly direction: Direction;
  readonly way: Way;
  readonly exchange: Exchange;
}

export const wayName = ({ protocol, contentType }: Way): string => `${protocol} ${contentType}`;

/** A cell's name; scripts/interop.mjs takes it apart again. */
export const cellName = ({ release, direction, way, exchange }: Cell): string =>
  [release, direction, wayName(way), exchange].join(' | ');

export const cellsOf = (releases: readonly Release[]): readonly Cell[] =>
  releases.flatMap((release) =>
    directions.flatMap((direction) =>
      ways.flatMap((way) => exchanges.map((exchange) => ({ release, direction, way, exchange }))),
    ),
  );
