// A command service: `deploy billing --version 1.2.0` in chat, with a message for each step as it is done.
import { setTimeout as wait } from 'node:timers/promises';
import { mdnsRegistry } from 'micro-bot/registry/mdns';
import { shape } from 'micro-bot/schema';
import { streaming } from 'micro-bot/server';
import { newService } from 'micro-bot/service';
import { parent } from './parent.ts';

interface Request {
  readonly service?: string;
  readonly version?: string;
}

const steps = ['pulling the image', 'starting new nodes', 'draining old nodes'];

async function* deploy(
  requests: AsyncIterable<Request>,
  { signal }: { signal: AbortSignal },
): AsyncIterable<{ text: string }> {
  for await (const { service = '', version = 'latest' } of requests) {
    for (const [index, step] of steps.entries()) {
      yield { text: `${index + 1}/${steps.length} ${step}` };
      await wait(300, undefined, { signal });
    }
    yield { text: `${service} ${version} is live` };
    return;
  }
}

const service = newService({
  name: 'deployer',
  version: '1.0.0',
  address: '127.0.0.1:0',
  registry: mdnsRegistry({ interface: '127.0.0.1', domain: process.env['MICRO_MDNS_DOMAIN'] }),
  afterStart: [parent.ready],
});

service.handle({
  name: 'Deploy',
  methods: {
    Run: streaming(deploy, {
      request: shape('DeployRequest', { service: 'string', version: 'string' }),
      response: shape('Progress', { text: 'string' }),
      metadata: {
        command: 'deploy',
        description: 'Deploys a service and tells how far it is',
        example: 'deploy billing --version 1.2.0',
        parameters: '{"service": {"required": true}, "version": {"default": "latest"}}',
        timeout: '5m',
      },
    }),
  },
});

await service.run({ signal: parent.left });
