// A process that lists everything once: list.mjs ADDRESS
import { load } from '../lib/product.mjs';

const { etcdRegistry } = await load('discovery/etcd/etcd.js');

const askedAt = performance.now();
const registry = etcdRegistry({ addresses: [process.argv[2]] });
const services = await registry.listServices();
const askMs = performance.now() - askedAt;
const nodes = services.reduce((sum, service) => sum + service.nodes.length, 0);
await registry.close();
console.log(JSON.stringify({ askMs, services: services.length, nodes }));
