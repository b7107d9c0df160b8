import { afterAll, beforeAll } from 'vitest';
import { consulRegistry } from '../../../src/discovery/consul/consul.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { registryContract } from '../../contract/registry.ts';
import { type Consul, missingConsul, startConsul } from '../../support/consul.ts';
import { withServer } from '../../support/needs.ts';

withServer(missingConsul(), 'over Consul', () => {
  let consul: Consul;
  beforeAll(async () => {
    consul = await startConsul();
  });
  afterAll(() => consul.stop());

  const registry = (): Registry => consulRegistry({ addresses: [consul.url] });
  registryContract('consul', () => Promise.resolve({ a: registry(), b: registry() }), { expires: true, stays: true });
});
