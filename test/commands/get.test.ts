import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { snakeCase } from '../../src/commands/value.ts';
import type { Registry, ServiceRecord } from '../../src/discovery/registry.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { shape } from '../../src/runtime/schema.ts';
import { say, shell } from './say.ts';
import { newWorld } from './world.ts';

const user = shape('User', { firstName: 'string', tags: '[]string' });
const example: ServiceRecord = {
  name: 'go.micro.srv.example',
  version: 'latest',
  metadata: {},
  endpoints: [
    {
      name: 'Example.Call',
      request: shape('Request', { name: 'string' }).value,
      response: shape('Response', { msg: 'string', user, UserID: 'int64' }).value,
      metadata: {},
    },
    {
      name: 'Example.PingPong',
      request: shape('Context', {}).value,
      response: undefined,
      metadata: { stream: 'true' },
    },
    {
      name: 'Func',
      request: shape('Message', { say: 'string' }).value,
      response: undefined,
      metadata: { topic: 'topic.go.micro.srv.example', subscriber: 'true' },
    },
  ],
  nodes: [
    {
      id: 'go.micro.srv.example-437d',
      address: '192.168.1.65:53545',
      metadata: { transport: 'http', broker: 'http', server: 'mucp', registry: 'mdns', protocol: 'mucp' },
    },
    { id: 'go.micro.srv.example-6', address: '[::1]:80', metadata: {} },
    { id: 'go.micro.srv.example-q', address: 'queue', metadata: {} },
  ],
};

const world = newWorld();
beforeAll(async () => {
  await world.registry.register(example);
  await world.registry.register({ ...example, name: 'alpha', version: '', endpoints: [] });
});
afterAll(() => world.close());

const described = `service  go.micro.srv.example

version latest

ID\tAddress\tPort\tMetadata
go.micro.srv.example-437d\t192.168.1.65\t53545\tbroker=http,protocol=mucp,registry=mdns,server=mucp,transport=http
go.micro.srv.example-6\t::1\t80\t
go.micro.srv.example-q\tqueue\t\t

Endpoint: Example.Call
Metadata: stream=false

Request: {
\tname string
}

Response: {
\tmsg string
\tuser User {
\t\tfirst_name string
\t\ttags []string
\t}
\tuser_id int64
}


Endpoint: Example.PingPong
Metadata: stream=true

Request: {}

Response: {}


Endpoint: Func
Metadata: subscriber=true,topic=topic.go.micro.srv.example

Request: {
\tsay string
}

Response: {}
`;

describe('get service', () => {
  test('shows versions, nodes and endpoints', async () => {
    expect(await say(world.set, 'get service go.micro.srv.example')).toBe(described);
    expect(await shell(world.set, ['get', 'service', 'go.micro.srv.example'])).toBe(described);
  });

  test('shows two versions, and the endpoints once', async () => {
    const registry = memoryRegistry();
    const two = newWorld(registry);
    onTestFinished(() => two.close());
    await registry.register({ ...example, nodes: example.nodes.slice(0, 1) });
    await registry.register({ ...example, version: '1.1.0', nodes: example.nodes.slice(1, 2) });
    const shown = await say(two.set, 'get service go.micro.srv.example');
    expect(shown.match(/^version .*$/gm)).toEqual(['version latest', 'version 1.1.0']);
    expect(shown.match(/^Endpoint: Example\.Call$/gm)).toHaveLength(1);
  });

  test('leaves an empty version out', async () => {
    expect(await say(world.set, 'get service alpha')).toMatch(/^service {2}alpha\n\nID\tAddress\tPort\tMetadata\n/);
  });

  test('needs a name that is known', async () => {
    expect(await say(world.set, 'get service')).toBe('require service name');
    await expect(shell(world.set, ['get', 'service'])).rejects.toMatchObject({
      code: 'usage',
      message: 'service required',
    });
    const unknown = { code: 'not_found', message: 'Service not found' };
    await expect(say(world.set, 'get service nope')).rejects.toMatchObject(unknown);
    await expect(shell(world.set, ['get', 'service', 'nope'])).rejects.toMatchObject(unknown);
  });

  test('writes names with underscores', () => {
    const names = [
      'UserID',
      'APIKey',
      'firstName',
      'created_at',
      'HTTPServer',
      'UUID',
      'x',
      'XMLHttpRequest2',
      '_id',
      'ID2',
    ];
    expect(names.map(snakeCase)).toEqual([
      'user_id',
      'api_key',
      'first_name',
      'created_at',
      'http_server',
      'uuid',
      'x',
      'xml_http_request2',
      '_id',
      'id2',
    ]);
  });
});

describe('list services', () => {
  test('shows each name once, in order', async () => {
    expect(await say(world.set, 'list services')).toBe('alpha\ngo.micro.srv.example');
  });

  test('shows nothing when nothing runs', async () => {
    const empty = newWorld();
    onTestFinished(() => empty.close());
    expect(await say(empty.set, 'list services')).toBe('');
  });

  test('says that the registry cannot be asked', async () => {
    const registry = memoryRegistry();
    await registry.close();
    const { set, client } = newWorld(registry);
    await expect(say(set, 'list services')).rejects.toMatchObject({
      code: 'failed',
      message: 'the memory registry is closed',
    });
    await client.close();
  });

  test('lets other failures through as they are', async () => {
    const broken: Registry = { ...memoryRegistry(), listServices: () => Promise.reject(new TypeError('a bug')) };
    const { set, client } = newWorld(broken);
    await expect(say(set, 'list services')).rejects.toThrow(TypeError);
    await client.close();
  });
});
