import { createHash } from 'node:crypto';
import { load } from '../lib/product.mjs';

const { recordJson } = await load('discovery/record-json.js');

const NODES = 3;
const COMMAND_EVERY = 10;
const METADATA = { broker: 'http', protocol: 'mucp', registry: 'etcd', server: 'mucp', transport: 'http' };

/** Always the same, and as random as those that Go's services give themselves. */
const uuid = (text) => {
  const hex = createHash('md5').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

const field = (name, type) => ({ name, type, values: [] });

const message = (type, ...fields) => ({ name: type, type, values: fields });

/** Types of its own, as every service has. */
const endpoint = (word, method, metadata = {}) => ({
  name: `${word}.${method}`,
  request: message(`${word}${method}Request`, field('name', 'string'), field('count', 'int64')),
  response: message(`${word}${method}Response`, field('msg', 'string')),
  metadata,
});

export const nameOf = (index) => `go.micro.srv.service-${String(index).padStart(6, '0')}`;

/** Every tenth is a command, too. */
function serviceOf(index) {
  const word = `Service${index}`;
  const metadata = index % COMMAND_EVERY === 0 ? { command: `do-${index}`, description: `Runs ${word}` } : {};
  return {
    name: nameOf(index),
    version: '1.0.0',
    metadata: {},
    endpoints: [endpoint(word, 'Read'), endpoint(word, 'Write'), endpoint(word, 'Run', metadata)],
  };
}

const keyOf = (service, id) => `/micro/registry/${service}/${id}`;

const pairOf = (service, at, index) => {
  const id = `${service.name}-${uuid(`${index} ${at}`)}`;
  const address = `127.${(index >> 8) & 255}.${index & 255}.${at + 1}:${30_000 + (index % 10_000)}`;
  return [keyOf(service.name, id), recordJson({ ...service, nodes: [{ id, address, metadata: METADATA }] })];
};

/** What is in etcd when services `from` to `to` run, each with three nodes. */
export function pairsOf(from, to) {
  const pairs = [];
  for (let index = from; index < to; index += 1) {
    const service = serviceOf(index);
    for (let at = 0; at < NODES; at += 1) pairs.push(pairOf(service, at, index));
  }
  return pairs;
}

export const nodesOf = (services) => services * NODES;

/** A service that comes later, with a command `word`. */
export function newcomer(word) {
  const name = `go.micro.srv.${word}`;
  const endpoints = [endpoint('Newcomer', 'Run', { command: word, description: 'Came later' })];
  return pairOf({ name, version: '1.0.0', metadata: {}, endpoints }, 0, 0);
}
