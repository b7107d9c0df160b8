import { mdnsRegistry } from '../../../src/discovery/mdns/mdns.ts';
import { registryContract } from '../../contract/registry.ts';
import { unique } from '../../support/name.ts';

registryContract(
  'mdns',
  async () => {
    const options = { interface: '127.0.0.1', domain: unique('test') };
    return { a: mdnsRegistry(options), b: mdnsRegistry(options) };
  },
  { expires: false, stays: false },
);
