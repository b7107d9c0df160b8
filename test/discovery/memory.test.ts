import { registryContract } from '../contract/registry.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';

registryContract(
  'memory',
  async () => {
    const registry = memoryRegistry();
    return { a: registry, b: registry };
  },
  { expires: true, stays: false },
);
