// A command service: `deploy billing --version 1.2.0 --env prod` in chat, with a message for each step as it is done. Whoever subscribed to `deployed`
// hears of it: history.ts does.
import { setTimeout as wait } from 'node:timers/promises';
import { httpBroker } from 'micro-bot/broker/http';
import type { Context } from 'micro-bot/context';
import { mdnsRegistry } from 'micro-bot/registry/mdns';
import { shape } from 'micro-bot/schema';
import { streaming } from 'micro-bot/server';
import { newService } from 'micro-bot/service';
import { parent } from './parent.ts';

interface Request {
  readonly service?: string;
  readonly version?: string;
  readonly env?: string;
}

const steps = ['pulling the image', 'starting new nodes', 'draining old nodes'];

async function* deploy(requests: AsyncIterable<Request>, context: Context): AsyncIterable<{ text: string }> {
  for await (const { service = '', version = 'latest', env = 'dev' } of requests) {
    for (const [index, step] of steps.entries()) {
      yield { text: `${index + 1}/${steps.length} ${step}` };
      await wait(300, undefined, { signal: context.signal });
    }
    await deployer.client.publish({ topic: 'deployed', body: { service, version } }, { context });
    yield { text: `${service} ${version} is live in ${env}` };
    return;
  }
}

const registry = mdnsRegistry({ interface: '127.0.0.1', domain: process.env['MICRO_MDNS_DOMAIN'] });
const broker = httpBroker({ registry, address: '127.0.0.1:0' });

const deployer = newService({
  name: 'deployer',
  version: '1.0.0',
  address: '127.0.0.1:0',
  registry,
  broker,
  afterStop: [() => broker.disconnect()],
  afterStart: [parent.ready],
});

deployer.handle({
  name: 'Deploy',
  methods: {
    Run: streaming(deploy, {
      request: shape('DeployRequest', { service: 'string', version: 'string', env: 'string' }),
      response: shape('Progress', { text: 'string' }),
      metadata: {
        command: 'deploy',
        description: 'Deploys a service and tells how far it is',
        example: 'deploy billing --version 1.2.0',
        parameters: JSON.stringify({
          service: { required: true },
          version: { default: 'latest' },
          env: { positional: false, enum: ['dev', 'prod'], default: 'dev' },
        }),
        timeout: '5m',
      },
    }),
  },
});

await deployer.run({ signal: parent.left });
