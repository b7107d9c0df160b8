import { afterAll, describe, expect, it } from 'vitest';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import { type Release, releases, startGo } from '../support/go.ts';
import { unique } from '../support/name.ts';
import { withGoPrograms } from '../support/namespace.ts';
import { missingNats, startNats } from '../support/nats.ts';
import { bugIn } from './matrix/bugs.ts';
import { type Cell, cellName, cellsOf, directions, type Way } from './matrix/cells.ts';
import { type Observation, right, service } from './matrix/observation.ts';
import { Scope } from './matrix/scope.ts';
import { theyCall } from './matrix/they-call.ts';
import { type GoPeer, weCall } from './matrix/we-call.ts';

const patienceMs = 15_000;

withGoPrograms('the matrix', () => {
  const scope = new Scope();
  afterAll(() => scope.close());

  let nats: Promise<string> | undefined;
  const natsUrl = (): Promise<string> => {
    nats ??= startNats().then((server) => {
      scope.defer(() => server.stop());
      return server.url;
    });
    return nats;
  };

  const peers = new Map<string, Promise<GoPeer>>();
  async function startPeer(release: Release, protocol: Way['protocol'], broker: 'http' | 'nats'): Promise<GoPeer> {
    const topic = unique('topic');
    const url = broker === 'nats' ? await natsUrl() : undefined;
    const brokers = url === undefined ? {} : ({ broker: 'nats', brokerAddress: url } as const);
    // v2 and v6 write the next message of a stream over one that is still waiting, so theirs come one by one.
    const flags = { registry: 'memory', protocol, topic, pause: '20ms', ...brokers } as const;
    const go = await startGo(release, 'talk', service, flags);
    scope.defer(() => go.kill());
    return { go, nats: url, topic };
  }
  const peer = ({ release, way, exchange }: Cell): Promise<GoPeer> => {
    const broker = exchange === 'event over nats' ? 'nats' : 'http';
    const key = `${release} ${way.protocol} ${broker}`;
    const running = peers.get(key) ?? startPeer(release, way.protocol, broker);
    peers.set(key, running);
    return running;
  };

  const observe = async (cell: Cell): Promise<Observation> => {
    const patience = bugIn(cell)?.patienceMs ?? patienceMs;
    if (cell.direction === 'we call') return await weCall(cell, await peer(cell), patience);
    const nats = cell.exchange === 'event over nats' ? await natsUrl() : undefined;
    const protocol = cell.way.protocol === 'grpc' ? { protocol: grpcServerProtocol() } : {};
    return await theyCall(cell, { ...protocol, nats, patienceMs: patience });
  };

  const withoutNats = missingNats();
  const cells = cellsOf(releases).filter(({ exchange }) => withoutNats === undefined || exchange !== 'event over nats');
  if (withoutNats !== undefined) {
    it.skipIf(process.env['CI'] !== 'true')(`events over nats (skipped: ${withoutNats})`, () => {
      throw new Error(withoutNats);
    });
  }

  describe.concurrent.each(directions)('%s', (direction) => {
    const theirs = cells.filter((cell) => cell.direction === direction);
    it.each(theirs.map((cell) => [cellName(cell), cell] as const))('%s', async (_, cell) => {
      const bug = bugIn(cell);
      if (bug === undefined) expect(await observe(cell)).toEqual(right[cell.exchange]);
      else expect(await observe(cell)).toMatchObject(bug.observed);
    });
  });
});
