import { registryContract } from '../../contract/registry.ts';
import { staticRegistry } from '../../../src/discovery/static/static.ts';

registryContract(
  'static',
  async () => {
    // What is registered is seen in this process alone.
    const registry = staticRegistry({ addresses: ['written=127.0.0.1:1'] });
    return { a: registry, b: registry };
  },
  { expires: true, stays: false },
);
