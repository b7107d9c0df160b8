import { mdnsRegistry } from '../../src/discovery/mdns/mdns.ts';
import type { Node, Registry } from '../../src/discovery/registry.ts';
import { shape } from '../../src/runtime/schema.ts';
import { type Handler, type Server, unary } from '../../src/runtime/server/server.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';

const request = shape('Request', { name: 'string' });
const response = shape('Response', { msg: 'string' });

/** The service of the acceptance stories, with methods that show what a call carries. */
const handlers: readonly Handler[] = [
  {
    name: 'Say',
    methods: {
      Hello: unary(({ name = '' }: { name?: string }) => ({ msg: `Hello ${name}` }), { request, response }),
    },
  },
];

export interface GreeterOptions {
  readonly domain: string;
  readonly name?: string;
  readonly version?: string;
  readonly more?: readonly Handler[];
}

export interface Greeter {
  readonly server: Server;
  readonly registry: Registry;
  /** As the registry has it. */
  readonly node: Node;
  readonly stop: () => Promise<void>;
}

/** Serves in this process, found through mDNS on the loopback interface by who knows the domain. */
export async function startGreeter(options: GreeterOptions): Promise<Greeter> {
  const { domain, name = 'go.micro.srv.greeter', version = '1.0.0', more = [] } = options;
  const registry = mdnsRegistry({ interface: '127.0.0.1', domain });
  const server = newServer({ registry, transport: httpTransport(), name, version, address: '127.0.0.1:0' });
  for (const handler of [...handlers, ...more]) server.handle(handler);
  await server.start();
  const stop = async (): Promise<void> => {
    await server.stop();
    await registry.close();
  };
  const [node] = server.record.nodes;
  if (node === undefined) throw new Error('the greeter has no node');
  return { server, registry, node, stop };
}
