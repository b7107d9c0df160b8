import { memoryBroker } from '../../../src/runtime/broker/memory.ts';
import { brokerContract } from '../../contract/broker.ts';

brokerContract('memory', {
  pair() {
    const broker = memoryBroker();
    return [broker, broker];
  },
  queues: true,
  redelivers: false,
  forbidden: [''],
  similar: ['', '.a', '.*', '.a.b', '/#', '>', ' '],
});
