import { afterAll, beforeAll, expect, it } from 'vitest';
import { etcdRegistry } from '../../src/discovery/etcd/etcd.ts';
import type { Node, Registry } from '../../src/discovery/registry.ts';
import { httpBroker } from '../../src/runtime/broker/http/http.ts';
import { shape } from '../../src/runtime/schema.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { type Handler, type Server, streaming, subscriber, unary } from '../../src/runtime/server/server.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { type Etcd, missingEtcd, startEtcd } from '../support/etcd.ts';
import { type Env, type Finished, micro } from '../support/micro.ts';
import { withServer } from '../support/needs.ts';

const name = shape('Request', { name: 'string' });
const msg = shape('Response', { msg: 'string' });
const nothing = shape('Context', {});
const say: Handler = {
  name: 'Say',
  methods: {
    Hello: unary(({ name: who = '' }: { name?: string }) => ({ msg: `Hello ${who}` }), {
      request: name,
      response: msg,
    }),
  },
};
/** What `micro new` makes of a service. */
const example: Handler = {
  name: 'Example',
  methods: {
    Call: say.methods['Hello'] as Handler['methods'][string],
    Stream: streaming(count, { request: nothing, response: nothing }),
    PingPong: streaming(count, { request: nothing, response: nothing }),
  },
};
async function* count(requests: AsyncIterable<unknown>): AsyncIterable<object> {
  for await (const _ of requests) yield {};
}

withServer(missingEtcd(), 'the stories of the registry, on etcd', () => {
  const topic = 'topic.go.micro.srv.example';
  let etcd: Etcd;
  let env: Env;
  let registry: Registry;
  const servers: Server[] = [];

  const serve = async (server: Server, handler: Handler): Promise<void> => {
    server.handle(handler);
    await server.start();
    servers.push(server);
  };
  const run = (...args: readonly string[]): Promise<Finished> => micro(args, env);
  const nodeOf = (server: Server | undefined): Node => server?.record.nodes[0] ?? { id: '', address: '', metadata: {} };

  beforeAll(async () => {
    etcd = await startEtcd();
    env = { MICRO_REGISTRY: 'etcd', MICRO_REGISTRY_ADDRESS: etcd.addresses.join() };
    registry = etcdRegistry({ addresses: etcd.addresses });
    const parts = { registry, transport: httpTransport(), address: '127.0.0.1:0' };
    await serve(newServer({ ...parts, name: 'go.micro.srv.greeter', version: '1.0.0' }), say);
    const broker = httpBroker({ registry, address: '127.0.0.1:0' });
    const listening = newServer({ ...parts, broker, name: 'go.micro.srv.example' });
    const message = shape('Message', { say: 'string' });
    listening.subscribe(subscriber(topic, () => {}, { message }));
    listening.subscribe(subscriber(topic, () => {}, { message, name: 'Example.Handle' }));
    await serve(listening, example);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await registry.close();
    await etcd.stop();
  });

  it('story 2: the list is sorted, has the topics of the http broker, and no header', async () => {
    // As go-micro up to 1.12 announces who listens; later ones, and ours, have one service for all topics.
    const older = { name: `topic:${topic}`, version: 'ff.http.broadcast', metadata: {}, endpoints: [] };
    await registry.register({ ...older, nodes: [{ id: 'b.s', address: '127.0.0.1:1', metadata: {} }] });
    expect(await run('list', 'services')).toMatchObject({
      code: 0,
      stdout: `go.micro.http.broker\ngo.micro.srv.example\ngo.micro.srv.greeter\nmicro.http.broker\ntopic:${topic}\n`,
      stderr: '',
    });
  });

  it('story 4: what the environment says, flags say as well', async () => {
    const flags = ['--registry=etcd', `--registry_address=${etcd.addresses.join()}`, 'list', 'services'];
    const [byFlags, byEnvironment] = await Promise.all([micro(flags), run('list', 'services')]);
    expect(byFlags).toEqual(byEnvironment);
    expect(byFlags.stdout).toContain('go.micro.srv.greeter\n');
    // Flags come before the environment.
    const [first] = etcd.addresses;
    const both = await micro(['--registry_address', first ?? '', 'list', 'services'], {
      ...env,
      MICRO_REGISTRY_ADDRESS: '127.0.0.1:1',
    });
    expect(both).toEqual(byEnvironment);
  });

  it('story 7: get shows methods, streams and subscribers in their order', async () => {
    const { id, address } = nodeOf(servers[1]);
    const stream = (method: string): string =>
      `Endpoint: Example.${method}\nMetadata: stream=true\n\nRequest: {}\n\nResponse: {}\n`;
    const event = (method: string): string =>
      `Endpoint: ${method}\nMetadata: subscriber=true,topic=${topic}\n\nRequest: {\n\tsay string\n}\n\nResponse: {}\n`;
    const { code, stdout, stderr } = await run('get', 'service', 'go.micro.srv.example');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd()).toBe(
      [
        'service  go.micro.srv.example\n\nversion latest\n',
        `ID\tAddress\tPort\tMetadata\n${id}\t${address.replace(':', '\t')}\tbroker=http,multiplex=true,protocol=mucp,registry=etcd,server=mucp,transport=http\n`,
        `Endpoint: Example.Call\nMetadata: stream=false\n\nRequest: {\n\tname string\n}\n\nResponse: {\n\tmsg string\n}\n\n`,
        `${stream('PingPong')}\n`,
        `${stream('Stream')}\n`,
        `${event('Func')}\n`,
        event('Example.Handle'),
      ]
        .join('\n')
        .trimEnd(),
    );
  });

  it('story 23: what is registered by hand stays until it is taken back', async () => {
    const definition = '{"name":"foo","version":"bar","nodes":[{"id":"foo-1","address":"127.0.0.1","port":8080}]}';
    const ok = { code: 0, stdout: 'ok\n', stderr: '' };
    expect(await run('register', 'service', definition)).toMatchObject(ok);
    // The process that registered it is gone.
    const shown = await run('get', 'service', 'foo');
    expect(shown.stdout).toContain('\nversion bar\n');
    expect(shown.stdout).toContain('\nfoo-1\t127.0.0.1\t8080\t');
    // As go-micro writes it, and without a lease that would end it.
    expect(JSON.parse(await etcd.ctl('get', '/micro/registry/foo/foo-1', '--print-value-only'))).toMatchObject({
      name: 'foo',
      version: 'bar',
      nodes: [{ id: 'foo-1', address: '127.0.0.1:8080' }],
    });
    expect(await etcd.ctl('get', '/micro/registry/foo/foo-1', '-w', 'json')).not.toContain('"lease"');
    expect(await run('deregister', 'service', definition)).toMatchObject(ok);
    expect(await run('get', 'service', 'foo')).toMatchObject({ code: 1, stdout: '', stderr: 'Service not found\n' });
    for (const verb of ['register', 'deregister'])
      expect(await run(verb, 'service')).toMatchObject({ code: 1, stdout: '', stderr: 'require service definition\n' });
  }, 60_000);
});
