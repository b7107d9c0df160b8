import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withResolvers } from '../../src/async/queue.ts';
import type { Context } from '../../src/runtime/context.ts';
import { type Handler, unary } from '../../src/runtime/server/server.ts';
import { type Greeter, startGreeter } from '../support/greeter.ts';
import { type Env, type Finished, loopback, micro, startMicro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';

const domain = unique('cli');
const greeter = 'go.micro.srv.greeter';
let first: Greeter;
let second: Greeter;
let hanging = 0;
const released = withResolvers<void>();

const echo: Handler = {
  name: 'Echo',
  methods: {
    Meta: unary((_: unknown, context: Context) => ({
      foo: context.header('Foo') ?? '',
      x: context.header('X') ?? '',
      input: context.header('Micro-Bot-Input') ?? '',
    })),
    Node: unary(() => ({ id: 'second' })),
    Evil: unary(() => ({ text: '\u009b2Jx\u202ey' })),
    // Not until its own time is over: the caller's is over at the same moment, and the answer could come first.
    Hang: unary(async () => {
      hanging += 1;
      await released.promise;
      return {};
    }),
  },
};

beforeAll(async () => {
  first = await startGreeter({ domain });
  second = await startGreeter({ domain, name: 'go.micro.srv.echo', version: '', more: [echo] });
});

afterAll(async () => {
  released.resolve();
  await first.stop();
  await second.stop();
});

const run = (args: readonly string[], env: Env = {}): Promise<Finished> => micro(args, { ...loopback(domain), ...env });
const good = (stdout: string): Finished => ({ code: 0, signal: null, stdout, stderr: '' });
const bad = (stderr: string): Finished => ({ code: 1, signal: null, stdout: '', stderr: `${stderr}\n` });

describe('micro list services', () => {
  it.each([
    [['list', 'services']],
    [['registry', 'list', 'services']],
    [['list', '--registry', 'mdns', 'services']],
  ])('%j', async (args) => {
    expect(await run(args)).toEqual(good('go.micro.srv.echo\ngo.micro.srv.greeter\n'));
  });

  it('story 3: prints an empty line when nobody is there', async () => {
    expect(await run(['list', 'services'], { MICRO_MDNS_DOMAIN: unique('empty') })).toEqual(good('\n'));
  });

  it('takes flags before variables', async () => {
    const elsewhere = await run(['--mdns_domain', unique('empty'), 'list', 'services']);
    expect(elsewhere.stdout).toBe('\n');
    const here = await run(['list', 'services', `--mdns_domain=${domain}`], { MICRO_MDNS_DOMAIN: unique('empty') });
    expect(here.stdout).toContain(greeter);
  });
});

describe('micro get service', () => {
  it('story 6: prints the record as it always was', async () => {
    const { code, stdout } = await run(['get', 'service', greeter]);
    const { id, address } = first.node;
    const [host, port] = address.split(':');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        `service  ${greeter}\n\nversion 1.0.0\n\nID\tAddress\tPort\tMetadata\n`,
        `${id}\t${host}\t${port}\tbroker=http,multiplex=true,protocol=mucp,registry=mdns,server=mucp,transport=http\n\n`,
        'Endpoint: Say.Hello\nMetadata: stream=false\n\n',
        'Request: {\n\tname string\n}\n\nResponse: {\n\tmsg string\n}\n\n',
      ].join(''),
    );
  });

  it.each([
    [['get', 'service'], 'service required'],
    [['get', 'service', 'nope'], 'Service not found'],
    [['registry', 'get', 'service', 'nope'], 'Service not found'],
  ])('story 9: %j fails', async (args, message) => {
    expect(await run(args)).toEqual(bad(message));
  });
});

describe('micro call', () => {
  const john = good('{\n\t"msg": "Hello John"\n}\n');

  it.each([['call'], ['query']])('story 10: %s prints the answer, indented', async (word) => {
    expect(await run([word, greeter, 'Say.Hello', '{"name": "John"}'])).toEqual(john);
  });

  it('joins the words of a request', async () => {
    expect(await run(['call', greeter, 'Say.Hello', '{"name":', '"John"}'])).toEqual(john);
  });

  it('story 11: sends {} when there is no request', async () => {
    expect(await run(['call', greeter, 'Say.Hello'])).toEqual(good('{\n\t"msg": "Hello "\n}\n'));
  });

  it.each([
    [['call', '--output', 'raw', greeter, 'Say.Hello', '{"name":"John"}'], {}],
    [['call', greeter, 'Say.Hello', '{"name":"John"}', '-o', 'raw'], {}],
    [['call', greeter, '-o=raw', 'Say.Hello', '--', '{"name":"John"}'], {}],
    [['call', greeter, 'Say.Hello', '{"name":"John"}'], { MICRO_OUTPUT: 'raw' }],
  ])('story 14: prints the very bytes with raw output, and a line end: %j %j', async (args, env) => {
    // What the service writes ends with a line end of its own.
    expect(await run(args, env)).toEqual(good('{"msg":"Hello John"}\n\n'));
  });

  it('makes what a service says harmless, except in raw output that a program reads', async () => {
    const shown = await run(['call', 'go.micro.srv.echo', 'Echo.Evil']);
    expect(shown.stdout).toBe('{\n\t"text": "\\u009b2Jx\\u202ey"\n}\n');
    const raw = await run(['call', '-o', 'raw', 'go.micro.srv.echo', 'Echo.Evil']);
    expect(raw.stdout).toContain('\u009b2Jx\u202ey');
  });

  it('sends metadata', async () => {
    const args = [
      'call',
      '--metadata',
      'Foo=bar',
      'go.micro.srv.echo',
      'Echo.Meta',
      '--metadata=X=a=b',
      '--metadata',
      'nothing',
    ];
    expect((await run(args)).stdout).toBe('{\n\t"foo": "bar",\n\t"x": "a=b",\n\t"input": "cli"\n}\n');
    const env = { MICRO_METADATA: 'Foo=1,X=2=3' };
    expect((await run(['call', 'go.micro.srv.echo', 'Echo.Meta'], env)).stdout).toContain('"foo": "1",\n\t"x": "2=3"');
  });

  it('story 17: keeps every digit', async () => {
    // Any HTTP server can stand in for a node: this one sends back what it got.
    const node = createServer((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      request.pipe(response);
    }).listen(0, '127.0.0.1');
    await once(node, 'listening');
    const { port } = node.address() as AddressInfo;
    const json = '{"n": 12345678901234567890, "f": 1.10, "e": 1E400}';
    const { stdout } = await run(['call', '--address', `127.0.0.1:${port}`, 'any', 'Echo.Big', json]);
    node.close();
    expect(stdout).toBe('{\n\t"n": 12345678901234567890,\n\t"f": 1.10,\n\t"e": 1E400\n}\n');
  });

  it('calls an address without asking the registry', async () => {
    const args = ['call', '--address', second.server.address, greeter, 'Echo.Node'];
    expect(await run(args, { MICRO_MDNS_DOMAIN: unique('empty') })).toEqual(good('{\n\t"id": "second"\n}\n'));
  });

  it.each([
    [['call', greeter], 'require service and endpoint e.g micro call greeeter Say.Hello \'{"name": "john"}\''],
    [['call'], 'require service and endpoint e.g micro call greeeter Say.Hello \'{"name": "john"}\''],
    [
      ['call', 'nope', 'A.B', '{}'],
      'error calling nope.A.B: {"id":"go.micro.client","code":500,"detail":"service nope: not found","status":"Internal Server Error"}',
    ],
  ])('story 12, story 13: %j fails', async (args, message) => {
    expect(await run(args)).toEqual(bad(message));
  });

  it('story 12: shows where a request is wrong', async () => {
    const { code, stdout, stderr } = await run(['call', greeter, 'Say.Hello', 'hello']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^invalid character 'h' looking for beginning of value at line 1 column 1\n/);
  });

  it('gives up when the time is over', async () => {
    const { code, stderr } = await run(['--client_request_timeout=2s', 'call', 'go.micro.srv.echo', 'Echo.Hang']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error calling go\.micro\.srv\.echo\.Echo\.Hang: \{"id":"go\.micro\.client","code":408,/);
  });

  it('is given up with SIGINT', async () => {
    const before = hanging;
    const running = startMicro(
      ['call', '--client_request_timeout=1m', 'go.micro.srv.echo', 'Echo.Hang'],
      loopback(domain),
    );
    await until(() => hanging > before);
    running.process.kill('SIGINT');
    expect(await running.finished).toMatchObject({ code: 130, stdout: '', stderr: '' });
  });
});

describe('micro stats and health', () => {
  it('story 20, story 22: ask every node', async () => {
    const { id, address } = first.node;
    for (const args of [
      ['health', greeter],
      ['health', 'check', greeter],
    ]) {
      expect(await run(args)).toEqual(
        good(`service  ${greeter}\n\nversion 1.0.0\n\nnode\t\taddress:port\t\tstatus\n${id}\t\t${address}\t\tok\n`),
      );
    }
    const { stdout } = await run(['stats', greeter]);
    expect(stdout).toContain('\nnode\t\taddress:port\t\tstarted\tuptime\tmemory\tthreads\tgc\n');
    expect(stdout).toMatch(/\t\t[A-Z][a-z]{2} \d+ \d\d:\d\d:\d\d\t\S+s\t\d+\.\d\dmb\t\d+\t\S+\n$/);
  });

  it('story 21: ask one node', async () => {
    expect(await run(['health', '--address', first.server.address, greeter])).toEqual(good('ok\n'));
  });

  it.each([
    [['health'], 'require service name'],
    [['health', 'nope'], 'Service not found'],
    [['stats'], 'require service name'],
    [['stats', 'nope'], 'Service not found'],
  ])('story 20, story 22: %j fails', async (args, message) => {
    expect(await run(args)).toEqual(bad(message));
  });
});

describe('micro register and deregister', () => {
  const definition = '{"name":"foo","version":"bar","nodes":[{"id":"foo-1","address":"127.0.0.1","port":8080}]}';

  it.each([
    ['register', definition],
    ['deregister', definition],
    ['register', definition.replace('"name"', '"Name"')],
  ])('%s %s', async (word, json) => {
    // mDNS knows only who is there to answer.
    const answer = good(word === 'register' ? 'ok, until this process ends: mdns keeps nothing\n' : 'ok\n');
    expect(await run([word, 'service', json])).toEqual(answer);
    expect(await run(['registry', word, 'service', json])).toEqual(answer);
  });

  it.each([
    [['register', 'service'], /^require service definition\n$/],
    [['deregister', 'service'], /^require service definition\n$/],
    [['register', 'service', '{"name":'], /^unexpected end of JSON input at line 1 column 9\n/],
    [['register', 'service', '{"name":"x"}'], /nodes/],
  ])('%j fails', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

it('ends quietly when nobody reads its output', async () => {
  const running = startMicro(['list', 'services'], loopback(domain));
  running.process.stdout.destroy();
  const { code, stderr } = await running.finished;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
