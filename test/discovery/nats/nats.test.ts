import { afterAll, beforeAll } from 'vitest';
import { natsRegistry } from '../../../src/discovery/nats/nats.ts';
import { registryContract } from '../../contract/registry.ts';
import { missingNats, type Nats, startNats } from '../../support/nats.ts';
import { withServer } from '../../support/needs.ts';

withServer(missingNats(), 'over NATS', () => {
  let nats: Nats;
  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(() => nats.stop());

  const registry = () => natsRegistry({ addresses: [nats.url] });
  registryContract('nats', () => Promise.resolve({ a: registry(), b: registry() }), { expires: true, stays: false });
});
