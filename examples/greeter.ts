// A service, as a team writes it. It answers `call greeter Say.Hello {"name": "John"}`, and `greet John` because its endpoint says so.
import { mdnsRegistry } from 'micro-bot/registry/mdns';
import { shape } from 'micro-bot/schema';
import { unary } from 'micro-bot/server';
import { newService } from 'micro-bot/service';
import { parent } from './parent.ts';

const service = newService({
  name: 'greeter',
  version: '1.0.0',
  address: '127.0.0.1:0',
  registry: mdnsRegistry({ interface: '127.0.0.1', domain: process.env['MICRO_MDNS_DOMAIN'] }),
  afterStart: [parent.ready],
});

service.handle({
  name: 'Say',
  methods: {
    Hello: unary(({ name = '' }: { name?: string }) => ({ msg: `Hello ${name}` }), {
      request: shape('Request', { name: 'string' }),
      response: shape('Response', { msg: 'string' }),
      metadata: { command: 'greet', description: 'Greets somebody', example: 'greet John', effect: 'read' },
    }),
  },
});

await service.run({ signal: parent.left });
