import { afterAll, describe, expect, it } from 'vitest';
import type { ServiceRecord } from '../../src/discovery/registry.ts';
import { type Release, releases, startGo } from '../support/go.ts';
import { withGoPrograms } from '../support/namespace.ts';
import { type Cell, cellName, type Exchange, type Way, ways } from './matrix/cells.ts';
import { right, service } from './matrix/observation.ts';
import { Scope } from './matrix/scope.ts';
import { theyCall } from './matrix/they-call.ts';
import { type GoPeer, weCall } from './matrix/we-call.ts';

/** As nodes of go-micro before 0.22 stand in the registry: callers take them for such, and say json-rpc where they mean JSON. */
const old = (records: readonly ServiceRecord[]): readonly ServiceRecord[] =>
  records.map((record) => ({
    ...record,
    nodes: record.nodes.map((node) => {
      const { protocol: _, ...metadata } = node.metadata;
      return { ...node, metadata };
    }),
  }));

const isBare = ({ protocol, contentType }: Way): boolean =>
  protocol === 'mucp' && ['application/json', 'application/protobuf'].includes(contentType);
const exchanges: readonly Exchange[] = ['unary', 'error', 'metadata', 'server stream'];
const cells = (direction: Cell['direction']): readonly (readonly [string, Cell])[] =>
  releases
    .flatMap((release) =>
      ways.filter(isBare).flatMap((way) => exchanges.map((exchange): Cell => ({ release, direction, way, exchange }))),
    )
    .map((cell) => [cellName(cell), cell] as const);

const patienceMs = 15_000;

withGoPrograms('a node that does not say which protocol it speaks', () => {
  const scope = new Scope();
  afterAll(() => scope.close());
  const peers = new Map<Release, Promise<GoPeer>>();
  async function start(release: Release): Promise<GoPeer> {
    const go = await startGo(release, 'talk', service, { registry: 'memory', pause: '20ms' });
    scope.defer(() => go.kill());
    return { go: { ...go, records: old(go.records) }, nats: undefined, topic: '' };
  }
  const peer = (release: Release): Promise<GoPeer> => {
    const running = peers.get(release) ?? start(release);
    peers.set(release, running);
    return running;
  };

  describe.concurrent('is called by us in envelopes', () => {
    it.each(cells('we call'))('%s', async (_, cell) => {
      expect(await weCall(cell, await peer(cell.release), patienceMs)).toEqual(right[cell.exchange]);
    });
  });

  describe.concurrent('and is us, is called by Go in envelopes', () => {
    it.each(cells('they call'))('%s', async (_, cell) => {
      expect(await theyCall(cell, { patienceMs, told: old })).toEqual(right[cell.exchange]);
    });
  });
});
