// Events and gRPC: whenever somebody is deployed, this service hears of it; `deployments` in chat tells what it heard. It speaks gRPC, as
// services on go-micro 2 do, and nobody who calls it has to know.
import { httpBroker } from 'micro-bot/broker/http';
import { grpcServerProtocol } from 'micro-bot/protocol/grpc';
import { mdnsRegistry } from 'micro-bot/registry/mdns';
import { shape } from 'micro-bot/schema';
import { subscriber, unary } from 'micro-bot/server';
import { newService } from 'micro-bot/service';
import { parent } from './parent.ts';

interface Deployed {
  readonly service: string;
  readonly version: string;
}

const deployed: string[] = [];
const registry = mdnsRegistry({ interface: '127.0.0.1', domain: process.env['MICRO_MDNS_DOMAIN'] });
const broker = httpBroker({ registry, address: '127.0.0.1:0' });

const service = newService({
  name: 'history',
  version: '1.0.0',
  address: '127.0.0.1:0',
  registry,
  broker,
  protocol: grpcServerProtocol(),
  afterStart: [parent.ready],
  afterStop: [() => broker.disconnect()],
});

service.subscribe(
  subscriber('deployed', ({ service, version }: Deployed) => {
    deployed.push(`${service} ${version}`);
  }),
);

service.handle({
  name: 'History',
  methods: {
    Show: unary(() => ({ text: deployed.length === 0 ? 'nothing was deployed yet' : deployed.join('\n') }), {
      response: shape('Shown', { text: 'string' }),
      metadata: { command: 'deployments', description: 'Tells what was deployed', example: 'deployments' },
    }),
  },
});

await service.run({ signal: parent.left });
