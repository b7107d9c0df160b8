import { memoryRegistry } from '../../../../src/discovery/memory/memory.ts';
import { httpBroker } from '../../../../src/runtime/broker/http/http.ts';
import { brokerContract } from '../../../contract/broker.ts';

brokerContract('http', {
  pair() {
    const registry = memoryRegistry();
    const address = '127.0.0.1:0';
    return [httpBroker({ registry, address }), httpBroker({ registry, address })];
  },
  queues: true,
  redelivers: false,
  forbidden: [''],
  similar: ['', '.a', '.*', '.a.b', '/#', '>', ' ', '&id=x', 'é'],
});
