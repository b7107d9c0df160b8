// Moleculer with its TCP transporter, discovery by a given address instead of UDP.
import { ServiceBroker } from 'moleculer';
import { HOST, hello } from '../echo.mjs';

async function start(nodeID, urls, services) {
  const transporter = { type: 'TCP', options: { udpDiscovery: false, urls, gossipPeriod: 1 } };
  const broker = new ServiceBroker({ nodeID, logger: false, transporter });
  // The two sides tell each other where they are; by default that is the machine's name, which need not be loopback.
  broker.registry.nodes.localNode.hostname = HOST;
  for (const service of services) broker.createService(service);
  await broker.start();
  return broker;
}

export async function server() {
  const greeter = { name: 'greeter', actions: { hello: ({ params }) => hello(params) } };
  const broker = await start('server', [], [greeter]);
  return broker.registry.nodes.localNode.port;
}

export async function client(port) {
  const broker = await start('client', [`${HOST}:${port}/server`], []);
  await broker.waitForServices('greeter', 20_000);
  return (name) => broker.call('greeter.hello', { name });
}
