// Works 20 ms on each call, so that there is always something under way. Leaves on SIGTERM, as every service does.
import { setTimeout as wait } from 'node:timers/promises';
import { mdnsRegistry } from 'micro-bot/registry/mdns';
import { unary } from 'micro-bot/server';
import { newService } from 'micro-bot/service';

const service = newService({
  name: 'slow',
  address: '127.0.0.1:0',
  registry: mdnsRegistry({ interface: '127.0.0.1', domain: process.argv[2] }),
  afterStart: [() => void process.send?.('ready')],
});
service.handle({ name: 'Slow', methods: { Work: unary(() => wait(20, {})) } });
// It leaves with the program that started it, however that one ends.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
await service.run();
